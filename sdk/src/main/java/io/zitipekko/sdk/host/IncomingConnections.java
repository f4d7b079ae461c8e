package io.zitipekko.sdk.host;

import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiOptions;
import io.zitipekko.sdk.auth.ServiceCatalog;
import io.zitipekko.sdk.auth.SessionKeeper;
import io.zitipekko.sdk.edge.CircuitConnection;
import io.zitipekko.sdk.edge.ConnId;
import io.zitipekko.sdk.edge.DataConnection;
import io.zitipekko.sdk.edge.EdgeChannel;
import io.zitipekko.sdk.edge.EdgeChannels;
import io.zitipekko.sdk.edge.EdgeConnection;
import io.zitipekko.sdk.edge.EdgeConnectionFlow;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.secret.KeyExchange;
import io.zitipekko.transport.secret.SecretStreamException;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The source of a hosted service's connections.
 *
 * <pre>
 *             +-----------------------+
 *   routers ~&gt;|  Dial -&gt; DialSuccess  | ~&gt; out: IncomingConnection
 *             +-----------------------+
 * </pre>
 *
 * <p><b>Emits when</b> there is demand and a dial: only then the dial is answered with success
 *
 * <p><b>Back-pressures when</b> downstream does: dials wait, up to {@value #MAX_WAITING} of them and for as long as their router
 * waits, and are refused beyond
 *
 * <p><b>Completes when</b> the binding is taken back. Cancelling takes it back
 *
 * <p><b>Fails when</b> it could not be bound at first, or must not be bound again
 */
public final class IncomingConnections
        extends AbstractGraphStageWithMaterializedValue<
                SourceShape<IncomingConnection>, CompletionStage<ServiceBinding>> {
    static final int MAX_WAITING = 256;
    // The router waits 5 s; what is older has nobody waiting.
    private static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(4_500);

    private final Outlet<IncomingConnection> out = Outlet.create("incoming.out");
    private final SourceShape<IncomingConnection> shape = SourceShape.of(out);
    private final ActorSystem system;
    private final ZitiOptions options;
    private final SessionKeeper keeper;
    private final ServiceCatalog catalog;
    private final EdgeChannels channels;
    private final String service;
    private final BindOptions bindOptions;

    public IncomingConnections(
            ActorSystem system,
            ZitiOptions options,
            SessionKeeper keeper,
            ServiceCatalog catalog,
            EdgeChannels channels,
            String service,
            BindOptions bindOptions) {
        this.system = system;
        this.options = options;
        this.keeper = keeper;
        this.catalog = catalog;
        this.channels = channels;
        this.service = service;
        this.bindOptions = bindOptions;
    }

    @Override
    public SourceShape<IncomingConnection> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<ServiceBinding>> createLogicAndMaterializedValuePair(
            Attributes inheritedAttributes) {
        CompletableFuture<ServiceBinding> binding = new CompletableFuture<>();
        return Pair.create(new Logic(binding), binding);
    }

    private final class Logic extends GraphStageLogic {
        private final CompletableFuture<ServiceBinding> materialized;
        private final ArrayDeque<DialRequest> waiting = new ArrayDeque<>();
        private @Nullable Hosting hosting;

        Logic(CompletableFuture<ServiceBinding> materialized) {
            super(shape);
            this.materialized = materialized;
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    considerAccept();
                }
            });
        }

        @Override
        public void preStart() {
            AsyncCallback<Hosting> started = createAsyncCallback(fresh -> hosting = fresh);
            AsyncCallback<DialRequest> dialed = createAsyncCallback(this::onDial);
            AsyncCallback<NotUsed> ended = createAsyncCallback(nothing -> completeStage());
            AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);
            catalog.knownService(service)
                    .thenCompose(detail -> {
                        if (!detail.mayBind()) {
                            throw new ZitiException("service '" + service + "': no policy lets this identity bind it");
                        }
                        Hosting fresh = new Hosting(
                                system, options, keeper, catalog, channels, detail, bindOptions, dialed::invoke);
                        started.invoke(fresh);
                        fresh.whenUnbound().whenComplete((done, failure) -> {
                            if (failure == null) {
                                ended.invoke(NotUsed.getInstance());
                            } else {
                                failed.invoke(ZitiException.unwrapped(failure));
                            }
                        });
                        // A source that was cancelled meanwhile takes back at once.
                        CompletionStage<ServiceBinding> value = materialized;
                        value.whenComplete((binding, failure) -> {
                            if (failure != null) {
                                fresh.unbind();
                            }
                        });
                        return fresh.start();
                    })
                    .whenComplete((binding, failure) -> {
                        if (failure == null) {
                            materialized.complete(binding);
                        } else {
                            materialized.completeExceptionally(ZitiException.unwrapped(failure));
                            failed.invoke(ZitiException.unwrapped(failure));
                        }
                    });
        }

        private void onDial(DialRequest dial) {
            if (waiting.size() >= MAX_WAITING) {
                dial.channel().refuseDial(dial.message(), "too many dials wait for the application");
                return;
            }
            waiting.add(dial);
            considerAccept();
        }

        private void considerAccept() {
            while (isAvailable(out) && !waiting.isEmpty() && hosting != null) {
                DialRequest dial = waiting.remove();
                if (System.nanoTime() - dial.arrivedNanos() > MAX_AGE_NANOS) {
                    dial.channel().refuseDial(dial.message(), "the application did not accept in time");
                    continue;
                }
                IncomingConnection accepted = accept(dial, hosting.keys());
                if (accepted != null) {
                    push(out, accepted);
                }
            }
        }

        @Override
        public void postStop() {
            waiting.forEach(dial -> dial.channel().refuseDial(dial.message(), "the service is no longer hosted here"));
            if (hosting != null) {
                hosting.unbind();
            }
            materialized.completeExceptionally(new ZitiException("hosting of service '" + service + "' was cancelled"));
        }
    }

    /** Answers a dial; null when it had to be refused. */
    private @Nullable IncomingConnection accept(DialRequest dial, @Nullable KeyExchange keys) {
        EdgeChannel channel = dial.channel();
        ConnId id = dial.connId().orElse(null);
        if (id == null) {
            channel.refuseDial(dial.message(), "no connection id (this host needs routers that give one)");
            return null;
        }
        byte[] dialerKey = dial.dialerKey().orElse(null);
        if (keys != null && dialerKey == null) {
            // Never in plain text instead (protocol/02 section 15.5).
            channel.refuseDial(dial.message(), "did not receive peer crypto key");
            return null;
        }
        EdgeConnection connection;
        try {
            connection = connection(dial, id);
        } catch (IllegalArgumentException e) {
            channel.refuseDial(dial.message(), e.getMessage());
            return null;
        }
        Flow<ByteString, ByteString, NotUsed> flow;
        try {
            flow = keys == null || dialerKey == null
                    ? EdgeConnectionFlow.of(connection)
                    : EdgeConnectionFlow.of(connection, keys.asHost(dialerKey));
        } catch (SecretStreamException e) {
            channel.refuseDial(dial.message(), "public key refused");
            return null;
        }
        if (!channel.register(id, connection)) {
            channel.refuseDial(dial.message(), "conn id " + id + " is in use");
            return null;
        }
        Headers headers = Headers.builder()
                .int32(
                        EdgeHeader.CONN_ID,
                        dial.message().headers().int32(EdgeHeader.CONN_ID).orElse(0))
                .build();
        byte[] body = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(id.value())
                .array();
        channel.channel().reply(Lane.HIGH, dial.message(), Message.of(EdgeContentType.DIAL_SUCCESS, headers, body));
        if (connection instanceof CircuitConnection circuit) {
            circuit.start();
        }
        return new IncomingConnection(dial, keys != null, guarded(flow, connection));
    }

    /** @throws IllegalArgumentException when it should end a circuit that has no proper id */
    private EdgeConnection connection(DialRequest dial, ConnId id) {
        EdgeChannel channel = dial.channel();
        String name = "connection from a dialer of service '" + service + "' through router '" + channel.router() + "'";
        return dial.endsCircuit()
                ? new CircuitConnection(channel, id, name, new CircuitId(dial.circuitId()), CircuitEnd.Side.TERMINATOR)
                : new DataConnection(channel, id, name);
    }

    /** Closes the connection if nobody materializes its flow: what waits in it takes memory, or stops the whole channel. */
    private Flow<ByteString, ByteString, NotUsed> guarded(
            Flow<ByteString, ByteString, NotUsed> flow, EdgeConnection connection) {
        AtomicBoolean used = new AtomicBoolean();
        Cancellable guard = system.scheduler()
                .scheduleOnce(
                        Duration.ofSeconds(IncomingConnection.MATERIALIZE_SECONDS),
                        () -> {
                            if (used.compareAndSet(false, true)) {
                                connection.close("the application did not take the connection");
                            }
                        },
                        system.dispatcher());
        return Flow.fromMaterializer((materializer, attributes) -> {
                    if (!used.compareAndSet(false, true)) {
                        throw new IllegalStateException(
                                "an incoming connection's flow can be materialized once, and within "
                                        + IncomingConnection.MATERIALIZE_SECONDS + " s");
                    }
                    guard.cancel();
                    return flow;
                })
                .mapMaterializedValue(nothing -> NotUsed.getInstance());
    }
}
