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
 * dates are. The first lives long enough for all of their owners to be made and to connect. Not thread-safe.
 */
final class ExpiringCertificates {
    private static final Duration LEAST = Duration.ofSeconds(8);
    private static final Duration FOR_EACH_OWNER = Duration.ofMillis(400);
    private static final Duration APART = Duration.ofSeconds(1);

    private final LocalNetwork network;
    private final CertificateAuthority authority;
    private final Duration first;
    private Instant last = Instant.EPOCH;

    /** @param owners how many there will be at the same time */
    ExpiringCertificates(LocalNetwork network, int owners) {
        this.network = network;
        this.first = LEAST.plus(FOR_EACH_OWNER.multipliedBy(owners));
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
        Instant end = now.plus(first).isAfter(last.plus(APART)) ? now.plus(first) : last.plus(APART);
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
