package io.zitipekko.actors.router.forwarder;

/** A destination at which a circuit ends in this router. */
public interface LocalEnd extends Destination {
    /**
     * The controller took the circuit away: nothing more goes to or comes from the network. What has arrived already may still be
     * delivered locally.
     */
    void unrouted();
}
