package io.zitipekko.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.sdk.auth.Credentials;
import io.zitipekko.sdk.enroll.Enrollment;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.pki.KeyPairs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollmentTest {
    private final Instant later = Instant.now().plusSeconds(600);

    private final TestKeys keys = new TestKeys();
    private FakeController controller;

    @BeforeEach
    void start() throws Exception {
        controller = new FakeController(keys);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void aOneTimeTokenBecomesAnIdentityFileForItsOwnerOnly(@TempDir Path folder) throws Exception {
        String token = controller.enrollmentToken("ott", keys.serverKeys.getPrivate(), later);
        Path file = folder.resolve("id.json");

        Enrollment.withOneTimeToken(token).write(file);

        ZitiIdentityFile read = ZitiIdentityFile.read(file);
        Identity identity = Identity.load(read.identityConfig().orElseThrow());
        assertThat(identity.token()).isEqualTo("client-id");
        assertThat(identity.anchors().certificates()).containsExactly(keys.authority.certificate());
        assertThat(read.controllers().get(0)).hasToString(controller.uri() + "/edge/client/v1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aPasswordEnrollmentKeepsNoPassword() throws Exception {
        String token = controller.enrollmentToken("updb", keys.serverKeys.getPrivate(), later);

        ZitiIdentityFile file = Enrollment.withPassword(token, new Credentials.Password("me", "secret"));

        assertThat(file.identityConfig()).isEmpty();
        assertThat(file.toJson()).doesNotContain("secret").contains("ca");
    }

    @Test
    void aTokenThatTheControllerDidNotSignIsRefusedBeforeAnythingIsAsked() throws Exception {
        String forged = controller.enrollmentToken("ott", KeyPairs.p256().getPrivate(), later);

        assertThatThrownBy(() -> Enrollment.withOneTimeToken(forged)).hasMessageContaining("is not signed by");
        assertThat(controller.requests).isEmpty();
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        String old = controller.enrollmentToken(
                "ott", keys.serverKeys.getPrivate(), Instant.now().minusSeconds(1));

        assertThatThrownBy(() -> Enrollment.withOneTimeToken(old)).hasMessageContaining("has expired");
        assertThat(controller.requests).isEmpty();
    }

    @Test
    void anotherKindOfTokenAndNoTokenAtAllAreSaidSo() throws Exception {
        String router = controller.enrollmentToken("erott", keys.serverKeys.getPrivate(), later);

        assertThatThrownBy(() -> Enrollment.withOneTimeToken(router)).hasMessageContaining("'erott' (expected: 'ott')");
        assertThatThrownBy(() -> Enrollment.withOneTimeToken("nonsense")).hasMessageContaining("not a signed JWT");
    }
}
