package io.zitipekko.actors.router.forwarder;

import io.zitipekko.transport.channel.Message;

/**
 * Where data-plane messages of a circuit can go next: a link, a local end of the circuit, or an SDK that ends the circuit itself.
 * Called on the thread that received the message; must not block.
 */
public interface Destination {
    /**
     * Takes a payload, acknowledgement or control message (1100, 1101, 1102).
     *
     * @return false when it has no room for it now; the message was not taken
     */
    boolean offer(Message message);

    /** Runs {@code once} when a refused {@link #offer} may succeed again, or when this destination is closed; at once if so already. */
    void whenWritable(Runnable once);
}
