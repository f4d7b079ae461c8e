package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.sdk.ZitiException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds services by name. One request is on its way at a time; names that are asked for meanwhile go together with the next, so that a
 * host of hundreds of services does not ask hundreds of times. Thread-safe.
 */
final class ServiceNames {
    static final int MOST_TOGETHER = 32;
    /** Of all names of a request that asks for several, so that it fits into an address of 10 KiB even when each character is escaped. */
    private static final int MOST_CHARACTERS = 1000;

    private record Wanted(String name, CompletableFuture<Optional<ServiceDetail>> found) {}

    /** Guarded by this. */
    private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
    /** Guarded by this. */
    private boolean asking;

    private final Function<String, CompletionStage<JsonNode>> services;

    /** @param services a list of those that match a filter, and that this identity may use */
    ServiceNames(Function<String, CompletionStage<JsonNode>> services) {
        this.services = services;
    }

    /** The service of this name; empty when there is none that this identity may use. */
    CompletionStage<Optional<ServiceDetail>> find(String name) {
        Wanted wanted = new Wanted(name, new CompletableFuture<>());
        List<Wanted> first;
        synchronized (this) {
            waiting.add(wanted);
            first = nextUnlessAsking();
        }
        ask(first);
        return wanted.found();
    }

    private void ask(List<Wanted> together) {
        if (together.isEmpty()) {
            return;
        }
        listed(together).whenComplete((byName, failure) -> {
            List<Wanted> next;
            synchronized (this) {
                asking = false;
                next = nextUnlessAsking();
            }
            ask(next);
            if (failure != null && together.size() > 1 && isRefusal(failure)) {
                // One may be a name that the controller does not understand: the others must not suffer from it.
                for (Wanted one : together) {
                    listed(List.of(one)).whenComplete((alone, refusal) -> answer(one, alone, refusal));
                }
            } else {
                together.forEach(one -> answer(one, byName, failure));
            }
        });
    }

    private CompletionStage<Map<String, ServiceDetail>> listed(List<Wanted> together) {
        return CompletableFuture.completedStage(filter(together))
                .thenCompose(services)
                .thenApply(data -> {
                    Map<String, ServiceDetail> byName = new HashMap<>();
                    data.forEach(item -> byName.put(item.path("name").asText(), ServiceDetail.of(item)));
                    return byName;
                });
    }

    private List<Wanted> nextUnlessAsking() {
        List<Wanted> next = new ArrayList<>();
        if (asking) {
            return next;
        }
        int characters = 0;
        while (next.size() < MOST_TOGETHER && !waiting.isEmpty()) {
            characters += waiting.peek().name().length();
            if (!next.isEmpty() && characters > MOST_CHARACTERS) {
                break;
            }
            next.add(waiting.remove());
        }
        asking = !next.isEmpty();
        return next;
    }

    private static boolean isRefusal(Throwable failure) {
        return ZitiException.unwrapped(failure) instanceof ApiException api && api.status() == 400;
    }

    private static void answer(
            Wanted wanted, @Nullable Map<String, ServiceDetail> byName, @Nullable Throwable failure) {
        if (byName == null) {
            wanted.found().completeExceptionally(ZitiException.unwrapped(Objects.requireNonNull(failure)));
        } else {
            wanted.found().complete(Optional.ofNullable(byName.get(wanted.name())));
        }
    }

    private static String filter(List<Wanted> together) {
        return together.size() == 1
                ? "name=" + quoted(together.get(0))
                : together.stream()
                        .map(ServiceNames::quoted)
                        .distinct()
                        .collect(Collectors.joining(",", "name in [", "]"));
    }

    private static String quoted(Wanted wanted) {
        return '"' + wanted.name().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
