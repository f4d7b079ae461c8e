package io.zitipekko.bench.revocation;

import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * Certificates of identities, issued by the network's own authority, which end one after the other, a second apart: that is how fine their
 * dates are. The first lives long enough for all of their owners to connect. Not thread-safe.
 */
final class ExpiringCertificates {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration APART = Duration.ofSeconds(1);

    private final LocalNetwork network;
    private final CertificateAuthority authority;
    private Instant last = Instant.EPOCH;

    ExpiringCertificates(LocalNetwork network) {
        this.network = network;
        this.authority = network.home().authority();
    }

    /**
     * A certificate that outlives nobody.
     *
     * @param file an identity file with it
     * @param end its last moment
     */
    record Expiring(Path file, Instant end) {
        /** Waits for the end. @return the monotonic time at which it was */
        long await() {
            for (Duration left = left(); !left.isNegative(); left = left()) {
                LockSupport.parkNanos(left.toNanos() + 1);
            }
            // Taken at the same time, so that it makes no difference should one of the clocks be slewed meanwhile.
            return System.nanoTime() + left().toNanos();
        }

        private Duration left() {
            return Duration.between(Instant.now(), end);
        }
    }

    /** One more for this identity. */
    Expiring issue(String identity) {
        Instant now = Instant.now();
        Instant end = now.plus(FIRST).isAfter(last.plus(APART)) ? now.plus(FIRST) : last.plus(APART);
        KeyPair keys = KeyPairs.p256();
        SpiffeId name = new SpiffeId(authority.spiffeId().orElseThrow().trustDomain(), "/identity/" + identity);
        X509Certificate leaf = authority.issueClient(
                CertificateSubject.of(identity, keys.getPublic(), AlternativeNames.of(name)),
                Duration.between(now, end));
        last = leaf.getNotAfter().toInstant();
        String file = "expiring-" + identity;
        network.keepIdentity(file, authority.presented(leaf), keys.getPrivate());
        return new Expiring(network.home().identityFile(file), last);
    }
}
