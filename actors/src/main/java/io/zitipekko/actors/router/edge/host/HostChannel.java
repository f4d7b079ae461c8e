package io.zitipekko.actors.router.edge.host;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.circuit.SdkEnd;
import io.zitipekko.actors.router.edge.session.Grant;
import io.zitipekko.actors.router.forwarder.Transit;
import io.zitipekko.transport.channel.Channel;
import java.util.function.Predicate;

/** An SDK's channel as hosting needs it: where listeners are, and where the connections of their dials go. */
public interface HostChannel {
    Channel channel();

    RouterSettings.EdgeListener settings();

    /** Through which the circuits that end in the SDK go on. */
    Transit transit();

    /** Takes an id for a connection that is about to be made; false when it is in use. */
    boolean reserve(int connId, SdkEnd placeholder, Grant grant);

    /** Takes a fresh id of the router's own. */
    int reserveChild(SdkEnd placeholder, Grant grant);

    /** Puts the connection in its placeholder's stead; false when that is gone: then the caller ends the connection. */
    boolean occupy(int connId, SdkEnd placeholder, SdkEnd end, Grant grant);

    /** Frees the id if it is still this one's; whether it was. */
    boolean release(int connId, SdkEnd end);

    /** Closes the connections whose right {@code lost} names, and tells the SDK with this text. */
    void revoke(Predicate<Grant> lost, String text);
}
