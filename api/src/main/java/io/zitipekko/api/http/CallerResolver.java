package io.zitipekko.api.http;

import io.zitipekko.transport.identity.PresentedCertificates;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Finds out who makes a request. Called once for each request, on an HTTP thread: must not block. protocol/05 section 4. */
@FunctionalInterface
public interface CallerResolver {
    Resolution resolve(Credentials credentials);

    /**
     * What a request carries to prove who sends it.
     *
     * @param ztSession value of the header {@code zt-session}; when present it decides alone
     * @param bearers at most the first three {@code Authorization: Bearer} values
     * @param certificates of the TLS connection, leaf proved, trust not checked
     */
    record Credentials(
            Optional<String> ztSession,
            List<String> bearers,
            PresentedCertificates certificates,
            InetSocketAddress remote) {
        @Override
        public String toString() {
            return "Credentials[zt-session " + ztSession.map(t -> "***") + ", " + bearers.size() + " bearers, " + remote
                    + "]";
        }
    }

    /** The answer. */
    sealed interface Resolution {}

    /** A valid session. */
    record Known(Caller caller) implements Resolution {}

    /** No token was sent at all. */
    record Nobody() implements Resolution {}

    /** A token was sent and is not good; {@code challenges} say why in the 401. */
    record Refused(List<Challenge> challenges) implements Resolution {}
}
