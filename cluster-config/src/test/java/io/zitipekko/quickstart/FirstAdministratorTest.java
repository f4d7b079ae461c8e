package io.zitipekko.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.management.ManagementException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a network gets its first administrator: once, with words that somebody chose, or with none that anybody could guess. */
class FirstAdministratorTest {
    private static final List<String> GUESSES = List.of("admin", "password", "changeme", "ziti", "");

    @TempDir
    Path folder;

    @Test
    @DisplayName("CVE-2025-10678: an administrator that everybody knew was left behind")
    void nobodyCanLogInToANewNetworkButWhomItWasMadeFor() {
        NetworkHome home = new NetworkHome(folder, FreePorts.neighbours(2), 1);
        home.prepare();
        try (LocalNetwork network = new LocalNetwork(home)) {
            network.startNewController("keeper", "of-the-keys");

            for (String user : List.of("admin", "keeper", "Default Admin")) {
                for (String guess : GUESSES) {
                    assertThatThrownBy(() -> network.login(user, guess))
                            .as(user + ":" + guess)
                            .isInstanceOf(ManagementException.class);
                }
            }

            assertThat(network.login("keeper", "of-the-keys").get("identities")).isNotEmpty();
        }
    }

    @Test
    void theStoreTakesOneFirstAdministratorOnly() {
        NetworkHome home = new NetworkHome(folder, FreePorts.neighbours(2), 1);
        home.prepare();
        LocalNetwork network = new LocalNetwork(home);
        network.init("keeper", "of-the-keys");

        assertThatThrownBy(() -> network.init("other", "of-other-keys")).hasMessageContaining("already initialized");

        try (network) {
            network.startController();
            assertThatThrownBy(() -> network.login("other", "of-other-keys")).isInstanceOf(ManagementException.class);
            assertThat(network.login("keeper", "of-the-keys").get("identities")).isNotEmpty();
        }
    }
}
