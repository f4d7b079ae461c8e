package io.zitipekko.bench.revocation;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An identity with one circuit, whose right will end.
 *
 * @param file its identity file
 * @param shown an identity file whose certificate routers get to see in place of that one's
 * @param service that it dials
 * @param ending what ends its right
 */
record Victim(Path file, Optional<Path> shown, String service, Ending ending) {
    Victim(Path file, String service, Ending ending) {
        this(file, Optional.empty(), service, ending);
    }

    /** Ends the right, or waits until it ends; knows the victim's API session. */
    @FunctionalInterface
    interface Ending {
        /** @return the monotonic time from which on the circuit has no right to be */
        long run(String apiSession);

        /** By a call of the management API: counted from its answer. */
        static Ending by(Consumer<String> call) {
            return apiSession -> {
                call.accept(apiSession);
                return System.nanoTime();
            };
        }
    }
}
