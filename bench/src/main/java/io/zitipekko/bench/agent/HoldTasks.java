package io.zitipekko.bench.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.circuit.HeldCircuit;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.auth.ApiSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.pattern.Patterns;

/** Circuits that are only there, and identities that each have one. */
final class HoldTasks {
    private static final Duration DIAL_PAUSE = Duration.ofMillis(50);

    /**
     * @param leaving closes what it has, and logs out
     * @param dialing dials once more
     */
    private record Member(
            Supplier<CompletionStage<?>> leaving,
            ApiSession session,
            Supplier<HeldCircuit> dialing,
            HeldCircuit circuit) {
        CompletionStage<Member> dialled() {
            return member(leaving, session, dialing);
        }
    }

    private final Application application;
    private final List<HeldCircuit> held = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    HoldTasks(Application application) {
        this.application = application;
    }

    Map<String, AgentTask> byName() {
        return Map.of(
                "hold", this::hold,
                "stall", this::stall,
                "held", this::held,
                "release", this::release,
                "join", this::join,
                "ended", this::ended,
                "leave", this::leave,
                "dial-again", this::dialAgain,
                "dial-until", this::dialUntil);
    }

    /** Opens {@code circuits} circuits to {@code service} and keeps them. */
    private void hold(JsonNode arguments, ObjectNode answer) throws Exception {
        String service = arguments.path("service").asText();
        Application.awaitAll(arguments.path("circuits").asInt(), i -> {
            HeldCircuit circuit = HeldCircuit.dial(application.system(), application.ziti(), service);
            held.add(circuit);
            return circuit.connected();
        });
    }

    /** Opens {@code circuits} circuits to {@code service} whose host never reads, and sends all that they take, until the release. */
    private void stall(JsonNode arguments, ObjectNode answer) throws Exception {
        String service = arguments.path("service").asText();
        Application.awaitAll(arguments.path("circuits").asInt(), i -> {
            HeldCircuit circuit = HeldCircuit.stalled(application.system(), application.ziti(), service);
            held.add(circuit);
            return circuit.connected();
        });
    }

    /**
     * How many of these are {@code open} still, and how many were {@code lost}; of the members' likewise. {@code how} the first that was
     * lost ended.
     */
    private void held(JsonNode arguments, ObjectNode answer) {
        long open = held.stream().filter(HeldCircuit::isOpen).count();
        answer.put("open", open).put("lost", held.size() - open);
        held.stream()
                .flatMap(circuit -> circuit.howEnded().stream())
                .findFirst()
                .ifPresent(how -> answer.put("how", how));
        long membersOpen = members.stream().filter(m -> m.circuit().isOpen()).count();
        answer.put("membersOpen", membersOpen).put("membersLost", members.size() - membersOpen);
    }

    /** Closes them. Answers as {@code held} does before. */
    private void release(JsonNode arguments, ObjectNode answer) throws Exception {
        held(arguments, answer);
        List<HeldCircuit> each = List.copyOf(held);
        held.clear();
        Application.awaitAll(each.size(), i -> each.get(i).close());
    }

    /**
     * For each of {@code members}, an {@code identity} (file) and a {@code service}: logs in and dials. Where it has a {@code shown}
     * (file), the certificate of that one is what routers get to see. Answers their {@code sessions}.
     */
    private void join(JsonNode arguments, ObjectNode answer) throws Exception {
        JsonNode joining = arguments.path("members");
        List<Member> fresh = Application.awaitAll(joining.size(), i -> {
            try {
                JsonNode member = joining.path(i);
                Path identity = Path.of(member.path("identity").asText());
                String service = member.path("service").asText();
                return member.has("shown")
                        ? join(identity, Path.of(member.path("shown").asText()), service)
                        : join(identity, service);
            } catch (IOException e) {
                return CompletableFuture.failedStage(e);
            }
        });
        ArrayNode sessions = answer.putArray("sessions");
        fresh.forEach(member -> sessions.add(member.session().id()));
        members.addAll(fresh);
    }

    private CompletionStage<Member> join(Path identity, String service) throws IOException {
        return application.login(identity).thenCompose(ziti -> ziti.apiSession().thenCompose(session -> {
            Supplier<HeldCircuit> dialing = () -> HeldCircuit.dial(application.system(), ziti, service);
            return member(ziti::close, session, dialing);
        }));
    }

    private CompletionStage<Member> join(Path identity, Path shown, String service) throws IOException {
        TwoCertificates who = new TwoCertificates(
                application.system().classicSystem(), ZitiIdentityFile.read(identity), ZitiIdentityFile.read(shown));
        return who.apiSession().thenCompose(session -> {
            Supplier<HeldCircuit> dialing = () -> HeldCircuit.dial(application.system(), who.dialer(), service);
            return member(who::close, session, dialing);
        });
    }

    private static CompletionStage<Member> member(
            Supplier<CompletionStage<?>> leaving, ApiSession session, Supplier<HeldCircuit> dialing) {
        HeldCircuit circuit = dialing.get();
        return circuit.connected()
                .thenApply(connected -> new Member(leaving, session, dialing, circuit))
                .exceptionallyCompose(failure -> leaving.get()
                        .handle((left, again) -> left)
                        .thenCompose(left -> CompletableFuture.failedStage(failure)));
    }

    /** All members dial once more, in place of a circuit that has ended, each {@code circuits}, the last of which counts. */
    private void dialAgain(JsonNode arguments, ObjectNode answer) throws Exception {
        for (int n = arguments.path("circuits").asInt(); n > 0; n--) {
            List<Member> each = List.copyOf(members);
            List<Member> dialled =
                    Application.awaitAll(each.size(), i -> each.get(i).dialled());
            members.clear();
            members.addAll(dialled);
        }
    }

    /** Waits until member {@code index}'s circuit has ended, {@code millis} at most. Answers {@code at}, absent when it has not. */
    private void ended(JsonNode arguments, ObjectNode answer) throws Exception {
        try {
            answer.put(
                    "at",
                    members.get(arguments.path("index").asInt())
                            .circuit()
                            .closedAt()
                            .get(arguments.path("millis").asLong(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException stillOpen) {
            answer.putNull("at");
        }
    }

    /** All members close and log out. */
    private void leave(JsonNode arguments, ObjectNode answer) throws Exception {
        List<Member> each = List.copyOf(members);
        members.clear();
        Application.awaitAll(each.size(), i -> each.get(i).leaving().get().handle((done, failure) -> i));
    }

    /** Dials {@code service} again and again until it succeeds. Answers {@code at} and how often it {@code failed} before. */
    private void dialUntil(JsonNode arguments, ObjectNode answer) throws Exception {
        String service = arguments.path("service").asText();
        int[] failed = new int[1];
        HeldCircuit circuit = Application.await(dialUntil(service, failed));
        answer.put("at", System.nanoTime()).put("failed", failed[0]);
        circuit.close();
    }

    private CompletionStage<HeldCircuit> dialUntil(String service, int[] failed) {
        HeldCircuit circuit = HeldCircuit.dial(application.system(), application.ziti(), service);
        return circuit.connected().thenApply(connected -> circuit).exceptionallyCompose(failure -> {
            failed[0]++;
            return Patterns.after(DIAL_PAUSE, application.system(), () -> dialUntil(service, failed));
        });
    }
}
