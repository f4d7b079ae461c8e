package io.zitipekko.actors.router.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.NoControllerException;
import io.zitipekko.actors.router.Registration;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.CreateCircuitResponse;
import io.zitipekko.transport.control.CreateCircuitV2Request;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.RemoveTerminatorsRequest;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.control.proto.Unroute;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Request;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A controller that routes every circuit from the first router to the newest terminator at the last one, over the link between them. */
final class TestControllers implements ControllerClient {
    static final String LINK = "link1";

    private final List<TestRouter> routers = new CopyOnWriteArrayList<>();
    private final Map<String, CreateTerminatorV2Request> terminators = new LinkedHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger circuits = new AtomicInteger();
    final List<CreateCircuitV2Request> asked = new CopyOnWriteArrayList<>();
    /** What came without a request. */
    final List<Message> sent = new CopyOnWriteArrayList<>();

    final AtomicInteger created = new AtomicInteger();
    volatile boolean connected = true;
    volatile Function<CreateCircuitV2Request, EdgeError> refuse = request -> null;
    volatile Function<CreateTerminatorV2Request, CreateTerminatorV2Response> onCreate = null;
    /** A terminator that this controller was told of; empty: the newest that SDKs host. */
    volatile String transport = "";

    void add(TestRouter router) {
        routers.add(router);
    }

    synchronized List<String> terminators() {
        return new ArrayList<>(terminators.keySet());
    }

    synchronized CreateTerminatorV2Request terminator(String id) {
        return terminators.get(id);
    }

    void reconnect() {
        listeners.forEach(listener -> listener.onConnected(TestRouter.CONTROLLER));
    }

    /** What a controller does on a fault: takes the circuit away everywhere, letting it drain. */
    void onCircuitEnded(CircuitId circuit) {
        routers.forEach(router -> router.routes.unroute(
                TestRouter.CONTROLLER,
                Message.of(
                        ControlContentType.UNROUTE,
                        Headers.EMPTY,
                        Unroute.newBuilder()
                                .setCircuitId(circuit.value())
                                .build()
                                .toByteArray())));
    }

    @Override
    public CompletionStage<Message> request(
            ControllerPreference preference, Lane lane, Message message, Duration timeout) {
        if (!connected) {
            return CompletableFuture.failedFuture(new NoControllerException(preference));
        }
        try {
            return switch (message.contentType()) {
                case ControlContentType.CREATE_CIRCUIT_V2_REQUEST -> circuit(CreateCircuitV2Request.from(message));
                case ControlContentType.CREATE_TERMINATOR_V2_REQUEST ->
                    CompletableFuture.completedFuture(
                            terminator(CreateTerminatorV2Request.parseFrom(message.bodyBytes())));
                case ControlContentType.REMOVE_TERMINATORS -> {
                    synchronized (this) {
                        RemoveTerminatorsRequest.parseFrom(message.bodyBytes())
                                .getTerminatorIdsList()
                                .forEach(terminators::remove);
                    }
                    yield CompletableFuture.completedFuture(Results.success(""));
                }
                default -> CompletableFuture.completedFuture(Results.success(""));
            };
        } catch (InvalidProtocolBufferException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Message terminator(CreateTerminatorV2Request request) {
        created.incrementAndGet();
        CreateTerminatorV2Response response = onCreate == null ? null : onCreate.apply(request);
        if (response == null) {
            synchronized (this) {
                terminators.put(request.getAddress(), request);
            }
            response = CreateTerminatorV2Response.newBuilder()
                    .setTerminatorId(request.getAddress())
                    .build();
        }
        return Message.of(ControlContentType.CREATE_TERMINATOR_V2_RESPONSE, Headers.EMPTY, response.toByteArray());
    }

    private CompletionStage<Message> circuit(CreateCircuitV2Request request) {
        asked.add(request);
        EdgeError refusal = refuse.apply(request);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal.toMessage());
        }
        String circuit = "circuit-" + circuits.incrementAndGet();
        List<String> ids = terminators();
        if (ids.isEmpty() && transport.isEmpty()) {
            return failed(circuit, "service has no terminators");
        }
        boolean sdk = transport.isEmpty();
        Route.Egress.Builder egress = Route.Egress.newBuilder()
                .setBinding(sdk ? "edge" : "transport")
                .setAddress(circuit + "-egress")
                .setDestination(sdk ? ids.get(ids.size() - 1) : transport);
        request.peerData().values().forEach((id, value) -> egress.putPeerData(id, value));
        TestRouter first = routers.get(0);
        TestRouter last = routers.get(routers.size() - 1);
        Route toLast = route(circuit)
                .setEgress(egress)
                .addForwards(forward(circuit + "-egress", LINK, Route.DestType.LINK))
                .addForwards(forward(LINK, circuit + "-egress", Route.DestType.END))
                .build();
        Route toFirst = route(circuit)
                .addForwards(forward(circuit + "-ingress", LINK, Route.DestType.LINK))
                .addForwards(forward(LINK, circuit + "-ingress", Route.DestType.START))
                .build();
        return send(last, toLast).thenCombine(send(first, toFirst), (egressResult, ingressResult) -> {
            if (!egressResult.success()) {
                return edgeError(circuit, egressResult.error());
            }
            PeerData peerData = egressResult.peerData();
            return new CreateCircuitResponse(circuit, circuit + "-ingress", peerData, Map.of()).toV2Message();
        });
    }

    private static Message edgeError(String circuit, String text) {
        return new EdgeError(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, text, circuit).toMessage();
    }

    private static CompletionStage<Message> failed(String circuit, String text) {
        return CompletableFuture.completedFuture(edgeError(circuit, text));
    }

    private static Route.Builder route(String circuit) {
        return Route.newBuilder()
                .setCircuitId(circuit)
                .setTimeout(Duration.ofSeconds(5).toNanos());
    }

    private static Route.Forward forward(String from, String to, Route.DestType type) {
        return Route.Forward.newBuilder()
                .setSrcAddress(from)
                .setDstAddress(to)
                .setDstType(type)
                .build();
    }

    private static CompletionStage<RouteResult> send(TestRouter router, Route route) {
        return router.routes
                .route(TestRouter.CONTROLLER, Message.of(ControlContentType.ROUTE, Headers.EMPTY, route.toByteArray()))
                .thenApply(result -> RouteResult.from(result.orElseThrow()));
    }

    @Override
    public boolean send(ControllerPreference preference, Lane lane, Message message) {
        sent.add(message);
        return connected;
    }

    @Override
    public int broadcast(Lane lane, Message message) {
        sent.add(message);
        return connected ? 1 : 0;
    }

    @Override
    public Set<ControllerId> connected() {
        return connected ? Set.of(TestRouter.CONTROLLER) : Set.of();
    }

    @Override
    public Registration onChange(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
