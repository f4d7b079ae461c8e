package io.zitipekko.sdk.host;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;

/**
 * A connection that a dialer opened to a service that is hosted here. It is established already: its flow must be materialized within
 * {@value #MATERIALIZE_SECONDS} seconds, or it is closed.
 */
public final class IncomingConnection {
    static final int MATERIALIZE_SECONDS = 30;

    private final String service;
    private final String router;
    private final String circuitId;
    private final String callerId;
    private final Optional<String> dialerIdentityId;
    private final Optional<String> dialerIdentityName;
    private final ByteString appData;
    private final boolean encrypted;
    private final boolean ownFlowControl;
    private final Flow<ByteString, ByteString, NotUsed> flow;

    IncomingConnection(DialRequest dial, boolean encrypted, Flow<ByteString, ByteString, NotUsed> flow) {
        this.service = dial.service();
        this.router = dial.channel().router();
        this.circuitId = dial.circuitId();
        this.callerId = dial.callerId();
        this.dialerIdentityId = dial.dialerIdentityId();
        this.dialerIdentityName = dial.dialerIdentityName();
        this.appData = dial.appData();
        this.encrypted = encrypted;
        this.ownFlowControl = dial.endsCircuit();
        this.flow = flow;
    }

    /** Bytes to the dialer in, bytes from the dialer out; to be materialized once. */
    public Flow<ByteString, ByteString, NotUsed> flow() {
        return flow;
    }

    /** Runs the connection through {@code handler}. */
    public <M> M handleWith(Flow<ByteString, ByteString, M> handler, ClassicActorSystemProvider system) {
        return flow.joinMat(handler, Keep.right()).run(system);
    }

    /** The service's name. */
    public String service() {
        return service;
    }

    /** The edge router that it came through. */
    public String router() {
        return router;
    }

    /** Names the circuit in the network; empty when the router did not say. */
    public String circuitId() {
        return circuitId;
    }

    /** What the dialer calls itself. A claim: nobody checked it. */
    public String callerId() {
        return callerId;
    }

    /** The dialing identity, as its edge router verified it. */
    public Optional<String> dialerIdentityId() {
        return dialerIdentityId;
    }

    /** The dialing identity's name, as its edge router verified it. */
    public Optional<String> dialerIdentityName() {
        return dialerIdentityName;
    }

    /** What the dialer passed along. */
    public ByteString appData() {
        return appData;
    }

    /** Whether the traffic is encrypted from end to end. */
    public boolean encrypted() {
        return encrypted;
    }

    /** Whether it is the end of its circuit itself, see {@link BindOptions#ownFlowControl}. */
    public boolean ownFlowControl() {
        return ownFlowControl;
    }

    @Override
    public String toString() {
        return "IncomingConnection[service " + service + ", router " + router + ", circuit " + circuitId + "]";
    }
}
