package io.zitipekko.actors.event.output;

import java.nio.file.Path;
import java.util.List;

/**
 * One entry of the section {@code events} of a controller's file (protocol/07 section 8).
 *
 * @param name what the operator calls it
 */
public record EventOutputSettings(String name, List<EventSubscription> subscriptions, Target target) {
    public EventOutputSettings {
        subscriptions = List.copyOf(subscriptions);
    }

    /** Where the lines go. */
    public sealed interface Target {}

    /** Standard output. */
    public record StandardOutput() implements Target {}

    /**
     * A file, opened for append.
     *
     * @param maxBytes a file that has grown beyond is put aside under a name with the time in it
     * @param maxBackups how many of those are kept; 0: all
     */
    public record LogFile(Path path, long maxBytes, int maxBackups) implements Target {}
}
