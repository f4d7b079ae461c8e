package io.zitipekko.bench.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.circuit.Circuit;
import io.zitipekko.bench.circuit.CircuitTask;
import io.zitipekko.bench.circuit.DialLoop;
import io.zitipekko.bench.circuit.Inflow;
import io.zitipekko.bench.circuit.PingPong;
import io.zitipekko.sdk.dial.DialOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;

/** Bulk, round trips and dials of a client. */
final class TrafficTasks {
    private final Application application;
    private List<Circuit> circuits = List.of();
    private List<Inflow> inflows = List.of();

    TrafficTasks(Application application) {
        this.application = application;
    }

    Map<String, AgentTask> byName() {
        return Map.of(
                "open", this::open,
                "move", this::move,
                "open-endless", this::openEndless,
                "flow", this::flow,
                "ping", this::ping,
                "dial", this::dial);
    }

    /**
     * Dials {@code circuits} circuits to {@code services} in turn, that are to move {@code bytes} each, {@code up} or down.
     */
    private void open(JsonNode arguments, ObjectNode answer) throws Exception {
        CircuitTask task = new CircuitTask(
                arguments.path("up").asBoolean() ? CircuitTask.Kind.UP : CircuitTask.Kind.DOWN,
                arguments.path("bytes").asLong());
        List<String> services = new ArrayList<>();
        arguments.path("services").forEach(service -> services.add(service.asText()));
        List<Circuit> fresh = new ArrayList<>();
        Application.awaitAll(arguments.path("circuits").asInt(), i -> {
            Circuit circuit =
                    Circuit.dial(application.system(), application.ziti(), services.get(i % services.size()), task);
            fresh.add(circuit);
            return circuit.connected();
        });
        circuits = fresh;
    }

    /** Moves the bytes of all open circuits, and closes them. Answers {@code seconds} of all, and {@code each} circuit's. */
    private void move(JsonNode arguments, ObjectNode answer) throws Exception {
        long began = System.nanoTime();
        List<CompletionStage<Double>> moving =
                circuits.stream().map(Circuit::move).toList();
        ArrayNode each = answer.putArray("each");
        try {
            for (CompletionStage<Double> one : moving) {
                each.add(Application.await(one));
            }
        } finally {
            circuits.forEach(Circuit::close);
            circuits = List.of();
        }
        answer.put("seconds", (System.nanoTime() - began) / 1e9);
    }

    /** Dials {@code circuits} circuits to {@code service} over which its host is to send without end. */
    private void openEndless(JsonNode arguments, ObjectNode answer) throws Exception {
        String service = arguments.path("service").asText();
        List<Inflow> fresh = new ArrayList<>();
        Application.awaitAll(arguments.path("circuits").asInt(), i -> {
            Inflow inflow = Inflow.dial(application.system(), application.ziti(), service);
            fresh.add(inflow);
            return inflow.connected();
        });
        inflows = fresh;
    }

    /**
     * Lets the host send over all of them at once, as much as it can, for {@code millis}, and closes them. Answers {@code seconds}, and the
     * bytes that {@code each} had received by then.
     */
    private void flow(JsonNode arguments, ObjectNode answer) throws Exception {
        List<Inflow> flowing = inflows;
        inflows = List.of();
        long began = System.nanoTime();
        flowing.forEach(Inflow::start);
        CompletableFuture<Void> enough = new CompletableFuture<>();
        application
                .system()
                .scheduler()
                .scheduleOnce(
                        Duration.ofMillis(arguments.path("millis").asLong()),
                        () -> enough.complete(null),
                        application.system().executionContext());
        Application.await(enough);
        answer.put("seconds", (System.nanoTime() - began) / 1e9);
        ArrayNode each = answer.putArray("each");
        for (Inflow inflow : flowing) {
            each.add(inflow.received());
        }
        long over = flowing.stream().filter(Inflow::isOver).count();
        Application.awaitAll(flowing.size(), i -> flowing.get(i).stop());
        if (over > 0) {
            throw new IllegalStateException(over + " of " + flowing.size() + " circuits ended before their time");
        }
    }

    /** {@code count} round trips of {@code bytes} over a fresh circuit to {@code service}. Answers {@code nanos} of each. */
    private void ping(JsonNode arguments, ObjectNode answer) throws Exception {
        PingPong pingPong = new PingPong(
                arguments.path("bytes").asInt(), arguments.path("count").asInt());
        CompletionStage<long[]> pinging = application
                .ziti()
                .outgoingConnection(
                        arguments.path("service").asText(),
                        DialOptions.DEFAULTS.withAppData(CircuitTask.ECHO.appData()))
                .joinMat(Flow.fromGraph(pingPong), Keep.right())
                .run(application.system());
        ArrayNode nanos = answer.putArray("nanos");
        for (long one : Application.await(pinging)) {
            nanos.add(one);
        }
    }

    /** Dials {@code service} for {@code millis}, {@code dialers} at a time. Answers {@code nanos} of each dial, and {@code seconds}. */
    private void dial(JsonNode arguments, ObjectNode answer) throws Exception {
        DialLoop loop = new DialLoop(
                application.system(),
                application.ziti(),
                arguments.path("service").asText(),
                Duration.ofMillis(arguments.path("millis").asLong()));
        List<CompletableFuture<Void>> dialers = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < arguments.path("dialers").asInt(); i++) {
            dialers.add(loop.run());
        }
        Application.await(CompletableFuture.allOf(dialers.toArray(CompletableFuture[]::new)));
        answer.put("seconds", (System.nanoTime() - began) / 1e9);
        ArrayNode nanos = answer.putArray("nanos");
        loop.nanos().forEach(nanos::add);
    }
}
