package io.zitipekko.actors.router;

/** A listener that can be taken away again. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** Stops the listener being called; idempotent. A call under way may still end afterwards. */
    @Override
    void close();
}
