package io.zitipekko.actors.session;

import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Somebody else's authority, as a {@link SessionWorld} knows it. */
public record ForeignAuthority(SessionWorld world, CertificateAuthority signs, Ca ca) {
    private static final Duration DAY = Duration.ofDays(1);
    private static final AtomicInteger MADE = new AtomicInteger();

    /** What the network lets one do. */
    public record Terms(
            boolean verified,
            boolean logIn,
            boolean byToken,
            boolean byItself,
            String nameFormat,
            @Nullable ExternalIdClaim claim) {
        /** It admits log-ins, and enrols nobody. */
        public static final Terms LOG_IN = new Terms(true, true, false, false, Ca.DEFAULT_NAME_FORMAT, null);

        public Terms unverified() {
            return new Terms(false, logIn, byToken, byItself, nameFormat, claim);
        }

        public Terms withoutLogIn() {
            return new Terms(verified, false, byToken, byItself, nameFormat, claim);
        }

        public Terms enrolling(boolean withToken, boolean withoutToken) {
            return new Terms(verified, logIn, withToken, withoutToken, nameFormat, claim);
        }

        public Terms naming(String format) {
            return new Terms(verified, logIn, byToken, byItself, format, claim);
        }

        public Terms claiming(@Nullable ExternalIdClaim where) {
            return new Terms(verified, logIn, byToken, byItself, nameFormat, where);
        }
    }

    /** A new one, known on these terms. */
    public static ForeignAuthority in(SessionWorld world, Terms terms) {
        return in(
                world,
                CertificateAuthority.selfSignedRoot(
                        CertificateSubject.commonName("authority-" + MADE.incrementAndGet()),
                        KeyPairs.p256(),
                        "other",
                        Duration.ofDays(10)),
                terms);
    }

    /** One that exists. */
    public static ForeignAuthority in(SessionWorld world, CertificateAuthority signs, Terms terms) {
        ForeignAuthority made =
                new ForeignAuthority(world, signs, entity("authority-" + MADE.incrementAndGet(), signs, terms));
        world.put(Samples.put(Cas.TYPE, made.ca()));
        return made;
    }

    private static Ca entity(String id, CertificateAuthority signs, Terms terms) {
        return new Ca(
                new CaId(id),
                Samples.META,
                id,
                Fingerprint.of(signs.certificate()),
                Pem.write(signs.certificate()),
                terms.verified(),
                "token",
                terms.logIn(),
                terms.byToken(),
                terms.byItself(),
                Set.of("made"),
                terms.nameFormat(),
                terms.claim());
    }

    public String id() {
        return ca.id().value();
    }

    /** From now on it is known on other terms. */
    public void change(Terms terms) {
        Ca now = world.model.view().get(Cas.TYPE, ca.id()).orElseThrow();
        world.replace(Cas.TYPE, now, entity(id(), signs, terms));
    }

    /** Withdraws it altogether. */
    public void remove() {
        world.delete(Cas.TYPE, id());
    }

    /** A client's certificate that nobody has. */
    public PresentedCertificates leaf(String commonName) {
        return leaf(commonName, AlternativeNames.NONE);
    }

    public PresentedCertificates leaf(String commonName, AlternativeNames names) {
        return leaf(commonName, names, DAY);
    }

    public PresentedCertificates leaf(String commonName, AlternativeNames names, Duration validity) {
        return new PresentedCertificates(List.of(signs.issueClient(
                CertificateSubject.of(commonName, KeyPairs.p256().getPublic(), names), validity)));
    }
}
