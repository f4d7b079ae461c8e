package io.zitipekko.actors.model.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedTextTest {
    private static ApiSessionCertificate certificate(String id, String pem) {
        return new ApiSessionCertificate(
                new ApiSessionCertificateId(id),
                Entity.Meta.created(Instant.EPOCH, Map.of()),
                new ApiSessionId("session-" + id),
                "CN=somebody",
                new Fingerprint("0123456789abcdef0123456789abcdef01234567"),
                Instant.EPOCH,
                Instant.EPOCH,
                pem);
    }

    @Test
    void sessionsOfOneCertificateKeepItsTextOnce() {
        ApiSessionCertificate first = certificate("1", String.join(" ", "the", "same", "certificate"));
        ApiSessionCertificate second = certificate("2", String.join(" ", "the", "same", "certificate"));

        assertThat(second.pem()).isSameAs(first.pem());
    }

    @Test
    void anotherCertificateKeepsItsOwn() {
        assertThat(certificate("1", "one certificate").pem())
                .isNotEqualTo(certificate("2", "another certificate").pem());
    }
}
