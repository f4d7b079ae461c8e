package io.zitipekko.bench.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.circuit.CircuitTask;
import io.zitipekko.sdk.host.ServiceBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;

/** Hosting: each dialer says what to do with its circuit. */
final class HostTasks {
    private final Application application;
    private final List<ServiceBinding> bindings = new ArrayList<>();

    HostTasks(Application application) {
        this.application = application;
    }

    Map<String, AgentTask> byName() {
        return Map.of("host", this::host, "unbind", this::unbind);
    }

    /** Hosts {@code services}, 16 at once. Answers {@code nanos} of each, and {@code seconds}. */
    private void host(JsonNode arguments, ObjectNode answer) throws Exception {
        JsonNode services = arguments.path("services");
        ArrayNode nanos = answer.putArray("nanos");
        long began = System.nanoTime();
        bindings.addAll(Application.awaitAll(services.size(), i -> {
            long start = System.nanoTime();
            return bind(services.path(i).asText()).thenApply(binding -> {
                synchronized (nanos) {
                    nanos.add(System.nanoTime() - start);
                }
                return binding;
            });
        }));
        answer.put("seconds", (System.nanoTime() - began) / 1e9);
    }

    private CompletionStage<ServiceBinding> bind(String service) {
        return application
                .ziti()
                .bind(service)
                .to(Sink.foreach(connection -> connection.handleWith(
                        CircuitTask.parse(connection.appData()).hostFlow(), application.system())))
                .run(application.system());
    }

    /** Stops hosting everything but the first {@code keep} services. */
    private void unbind(JsonNode arguments, ObjectNode answer) throws Exception {
        List<ServiceBinding> ended = bindings.subList(arguments.path("keep").asInt(), bindings.size());
        List<ServiceBinding> each = List.copyOf(ended);
        Application.awaitAll(each.size(), i -> each.get(i).unbind());
        ended.clear();
    }
}
