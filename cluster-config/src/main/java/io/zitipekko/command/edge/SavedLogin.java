package io.zitipekko.command.edge;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.command.CommandFailure;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.pki.PkiFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The last log-in, kept in a file that only its owner can read: {@code $ZITI_CONFIG_DIR/ziti-pekko.json}, by default under
 * {@code ~/.config/ziti}.
 *
 * @param url of the management API's host, e.g. {@code https://localhost:1280}
 * @param token of the session; a secret
 * @param caPem authorities to trust for that host
 */
record SavedLogin(String url, String token, String caPem) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Path file() {
        String dir = System.getenv("ZITI_CONFIG_DIR");
        return (dir != null && !dir.isBlank()
                        ? Path.of(dir)
                        : Path.of(System.getProperty("user.home"), ".config", "ziti"))
                .resolve("ziti-pekko.json");
    }

    static SavedLogin load() {
        if (!Files.exists(file())) {
            throw new CommandFailure("not logged in: run 'ziti-pekko edge login HOST:PORT -u USER -p PASSWORD' first");
        }
        try {
            return JSON.readValue(file().toFile(), SavedLogin.class);
        } catch (IOException e) {
            throw new CommandFailure("the saved log-in in " + file() + " cannot be read: log in again", e);
        }
    }

    ManagementClient client() {
        return new ManagementClient(url, token, caPem);
    }

    void save() {
        try {
            PkiFolder.write(file(), JSON.writeValueAsString(this), "rw-------");
        } catch (IOException e) {
            throw new CommandFailure("the log-in cannot be saved in " + file() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "SavedLogin[" + url + ", token ***]";
    }
}
