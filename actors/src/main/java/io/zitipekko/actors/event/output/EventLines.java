package io.zitipekko.actors.event.output;

import java.io.IOException;

/** Takes finished lines. Used by one thread. */
interface EventLines extends AutoCloseable {
    /** @param line without its end */
    void write(byte[] line) throws IOException;

    @Override
    void close() throws IOException;
}
