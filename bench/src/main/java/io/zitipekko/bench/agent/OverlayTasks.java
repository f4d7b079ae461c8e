package io.zitipekko.bench.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.dial.DialOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/** What an agent does with the network, as one identity of the SDK. */
final class OverlayTasks {
    private static final long PATIENCE_SECONDS = 120;

    private @Nullable ActorSystem<Void> system;
    private @Nullable ZitiContext ziti;
    private List<Circuit> circuits = List.of();

    Map<String, AgentTask> byName() {
        return Map.of(
                "connect",
                this::connect,
                "host",
                this::host,
                "open",
                this::open,
                "move",
                this::move,
                "ping",
                this::ping,
                "dial",
                this::dial);
    }

    private ActorSystem<Void> system() {
        if (system == null) {
            system = ActorSystem.create(
                    Behaviors.empty(),
                    "application",
                    ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-router-node")));
        }
        return system;
    }

    private ZitiContext ziti() {
        if (ziti == null) {
            throw new IllegalStateException("not connected");
        }
        return ziti;
    }

    /** Logs in with {@code identity}, a file. */
    private void connect(JsonNode arguments, ObjectNode answer) throws Exception {
        ZitiIdentityFile file =
                ZitiIdentityFile.read(Path.of(arguments.path("identity").asText()));
        ziti = await(ZitiContext.connect(system(), file));
    }

    /** Hosts {@code service}; each dialer says what to do with its circuit. */
    private void host(JsonNode arguments, ObjectNode answer) throws Exception {
        await(ziti().bind(arguments.path("service").asText())
                .to(Sink.foreach(connection -> connection.handleWith(
                        CircuitTask.parse(connection.appData()).hostFlow(), system())))
                .run(system()));
    }

    /** Dials {@code circuits} circuits to {@code service} that are to move {@code bytes} each, {@code up} or down. */
    private void open(JsonNode arguments, ObjectNode answer) throws Exception {
        CircuitTask task = new CircuitTask(
                arguments.path("up").asBoolean() ? CircuitTask.Kind.UP : CircuitTask.Kind.DOWN,
                arguments.path("bytes").asLong());
        List<Circuit> fresh = new ArrayList<>();
        for (int i = 0; i < arguments.path("circuits").asInt(); i++) {
            fresh.add(Circuit.dial(system(), ziti(), arguments.path("service").asText(), task));
        }
        for (Circuit circuit : fresh) {
            await(circuit.connected());
        }
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
                each.add(await(one));
            }
        } finally {
            circuits.forEach(Circuit::close);
            circuits = List.of();
        }
        answer.put("seconds", (System.nanoTime() - began) / 1e9);
    }

    /** {@code count} round trips of {@code bytes} over a fresh circuit to {@code service}. Answers {@code nanos} of each. */
    private void ping(JsonNode arguments, ObjectNode answer) throws Exception {
        PingPong pingPong = new PingPong(
                arguments.path("bytes").asInt(), arguments.path("count").asInt());
        CompletionStage<long[]> pinging = ziti().outgoingConnection(
                        arguments.path("service").asText(),
                        DialOptions.DEFAULTS.withAppData(CircuitTask.ECHO.appData()))
                .joinMat(Flow.fromGraph(pingPong), Keep.right())
                .run(system());
        ArrayNode nanos = answer.putArray("nanos");
        for (long one : await(pinging)) {
            nanos.add(one);
        }
    }

    /** Dials {@code service} for {@code millis}, {@code dialers} at a time. Answers {@code nanos} of each dial, and {@code seconds}. */
    private void dial(JsonNode arguments, ObjectNode answer) throws Exception {
        DialLoop loop = new DialLoop(
                system(),
                ziti(),
                arguments.path("service").asText(),
                Duration.ofMillis(arguments.path("millis").asLong()));
        List<CompletableFuture<Void>> dialers = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < arguments.path("dialers").asInt(); i++) {
            dialers.add(loop.run());
        }
        await(CompletableFuture.allOf(dialers.toArray(CompletableFuture[]::new)));
        answer.put("seconds", (System.nanoTime() - began) / 1e9);
        ArrayNode nanos = answer.putArray("nanos");
        loop.nanos().forEach(nanos::add);
    }

    private static <T> T await(CompletionStage<T> work) throws Exception {
        return work.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
