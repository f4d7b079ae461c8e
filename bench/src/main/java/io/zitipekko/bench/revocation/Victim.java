package io.zitipekko.bench.revocation;

import java.nio.file.Path;

/**
 * An identity with one circuit, whose right will end.
 *
 * @param id the identity's
 * @param file its identity file
 * @param service that it dials
 * @param ending what ends its right
 */
record Victim(String id, Path file, String service, Ending ending) {
    /** Ends the right by one call of the management API; knows the victim's API session. */
    @FunctionalInterface
    interface Ending {
        void run(String apiSession);
    }
}
