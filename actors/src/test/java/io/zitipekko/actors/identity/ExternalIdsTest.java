package io.zitipekko.actors.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.entity.ExternalIdClaim.Location;
import io.zitipekko.actors.model.entity.ExternalIdClaim.Matcher;
import io.zitipekko.actors.model.entity.ExternalIdClaim.Parser;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExternalIdsTest {
    private static final X509Certificate CERTIFICATE = CertificateAuthority.selfSignedRoot(
                    CertificateSubject.commonName("authority"), KeyPairs.p256(), "other", Duration.ofDays(2))
            .issueClient(
                    CertificateSubject.of(
                            "unit-7.eu",
                            KeyPairs.p256().getPublic(),
                            new AlternativeNames(
                                    List.of("host.example"),
                                    List.of(),
                                    List.of("https://example.net/x", "spiffe://domain/unit/7"),
                                    List.of("ann@example.net", "bob@example.org"))),
                    Duration.ofDays(1));

    private static Optional<String> id(
            Location location, Matcher matcher, String matched, Parser parser, String separator, int index) {
        return ExternalIds.of(new ExternalIdClaim(location, matcher, matched, parser, separator, index), CERTIFICATE);
    }

    @Test
    void valuesComeFromTheirPlaceInTheirOrder() {
        assertThat(id(Location.COMMON_NAME, Matcher.ALL, "", Parser.NONE, "", 0))
                .contains("unit-7.eu");
        assertThat(id(Location.SAN_EMAIL, Matcher.ALL, "", Parser.NONE, "", 1)).contains("bob@example.org");
        assertThat(id(Location.SAN_URI, Matcher.ALL, "", Parser.NONE, "", 0)).contains("https://example.net/x");
    }

    @Test
    void onlyThoseThatMatchAreCounted() {
        assertThat(id(Location.SAN_EMAIL, Matcher.SUFFIX, "example.org", Parser.NONE, "", 0))
                .contains("bob@example.org");
        assertThat(id(Location.SAN_EMAIL, Matcher.PREFIX, "bob@", Parser.NONE, "", 0))
                .contains("bob@example.org");
        assertThat(id(Location.SAN_URI, Matcher.SCHEME, "spiffe", Parser.NONE, "", 0))
                .contains("spiffe://domain/unit/7");
        assertThat(id(Location.SAN_URI, Matcher.SCHEME, "ftp", Parser.NONE, "", 0))
                .isEmpty();
    }

    @Test
    void theSeparatorIsTextAndNoPattern() {
        assertThat(id(Location.COMMON_NAME, Matcher.ALL, "", Parser.SPLIT, ".", 1))
                .contains("eu");
        assertThat(id(Location.SAN_URI, Matcher.SCHEME, "spiffe", Parser.SPLIT, "/", 4))
                .contains("7");
        assertThat(id(Location.COMMON_NAME, Matcher.ALL, "", Parser.SPLIT, "", 0))
                .contains("unit-7.eu");
    }

    @Test
    void whatIsNotThereOrBlankIsNoId() {
        assertThat(id(Location.COMMON_NAME, Matcher.ALL, "", Parser.NONE, "", 1))
                .isEmpty();
        assertThat(id(Location.SAN_URI, Matcher.SCHEME, "spiffe", Parser.SPLIT, "/", 1))
                .isEmpty();
    }
}
