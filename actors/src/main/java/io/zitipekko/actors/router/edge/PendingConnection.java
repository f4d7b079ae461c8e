package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.router.circuit.SdkEnd;
import io.zitipekko.actors.router.edge.session.Refusals;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;

/** Holds a connection id until its circuit is there. When the SDK gives up meanwhile, it gives up the id, and the circuit finds it gone. */
final class PendingConnection implements SdkEnd {
    private final EdgeConnection connection;
    private final int connId;

    PendingConnection(EdgeConnection connection, int connId) {
        this.connection = connection;
        this.connId = connId;
    }

    @Override
    public void onMessage(Message message) {
        if (message.contentType() == EdgeContentType.STATE_CLOSED) {
            connection.release(connId, this);
        }
    }

    @Override
    public void onChannelClosed() {
        connection.release(connId, this);
    }

    @Override
    public void revoke(String text) {
        if (connection.release(connId, this)) {
            connection.channel().send(Lane.HIGH, Refusals.refused(connId, text));
        }
    }
}
