package io.zitipekko.api.fabric;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.FabricDirectory.Inspection;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Asks routers, and the controller itself, what they look like inside. The answer has no envelope. */
final class InspectionRoutes {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final int MAX_REGEX = 256;
    private static final int MAX_VALUES = 100;

    private final ManagementContext context;
    private final String controllerId;

    InspectionRoutes(ManagementContext context, String controllerId) {
        this.context = context;
        this.controllerId = controllerId;
    }

    private record Answer(String appId, Inspection inspection) {}

    void addTo(ApiRoutes.Builder routes) {
        routes.post("inspections", Access.permission("ops", Access.Action.UPDATE), this::inspect);
    }

    private CompletionStage<ApiResponse> inspect(RequestContext request) {
        Fields<?> body = Fields.create(request.jsonObject());
        Pattern regex = regex(body.requiredText("appRegex", nothing -> ""));
        List<String> names =
                body.required("requestedValues", value -> Fields.texts("requestedValues", value), n -> List.of());
        if (names.size() > MAX_VALUES) {
            throw ApiErrors.couldNotValidate("requestedValues", "at most " + MAX_VALUES + " names", names.size());
        }
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        if (regex.matcher(controllerId).matches()) {
            asked.add(CompletableFuture.completedFuture(new Answer(controllerId, inspectController(names))));
        }
        for (RouterStatus router : context.fabric().routers()) {
            if (regex.matcher(router.id().value()).matches()) {
                asked.add(ask(router.id(), names));
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        answer(asked.stream().map(CompletableFuture::join).toList()));
    }

    private static Pattern regex(String text) {
        if (text.length() > MAX_REGEX) {
            throw ApiErrors.couldNotValidate("appRegex", "at most " + MAX_REGEX + " characters", text.length());
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw ApiErrors.couldNotValidate("appRegex", e.getDescription(), text);
        }
    }

    /** A router that does not answer is an error in the list, not a failure of the whole. */
    private CompletableFuture<Answer> ask(RouterId router, List<String> names) {
        return context.fabric()
                .inspect(router, names, TIMEOUT)
                .handle((inspection, failure) -> failure == null
                        ? inspection
                        : new Inspection(false, List.of(router + ": " + failure.getMessage()), Map.of()))
                .thenApply(inspection -> new Answer(router.value(), inspection))
                .toCompletableFuture();
    }

    private Inspection inspectController(List<String> names) {
        Map<String, String> values = new TreeMap<>();
        for (String name : names) {
            switch (name) {
                case "connected-routers" -> {
                    ArrayNode ids = Json.array();
                    context.fabric()
                            .routers()
                            .forEach(router -> ids.add(router.id().value()));
                    values.put(name, ids.toString());
                }
                case "data-model-index" ->
                    values.put(
                            name,
                            Json.object()
                                    .put("timeline", context.model().view().timelineId())
                                    .put("index", context.model().view().index())
                                    .toString());
                default -> {
                    // Names that nobody knows are left out, as routers do.
                }
            }
        }
        return new Inspection(true, List.of(), values);
    }

    private static ApiResponse answer(List<Answer> answers) {
        ObjectNode out = Json.object();
        out.put("success", answers.stream().allMatch(answer -> answer.inspection()
                .success()));
        ArrayNode errors = out.putArray("errors");
        ArrayNode values = out.putArray("values");
        for (Answer answer : answers) {
            answer.inspection().errors().forEach(errors::add);
            answer.inspection().values().forEach((name, value) -> values.addObject()
                    .put("appId", answer.appId())
                    .put("name", name)
                    .set("value", value(value)));
        }
        return ApiResponse.json(200, out);
    }

    /** Text that looks like a JSON object or list is shown as such. */
    private static JsonNode value(String text) {
        if (text.startsWith("{") || text.startsWith("[")) {
            try {
                return Json.mapper().readTree(text);
            } catch (JsonProcessingException notJson) {
                return Json.tree(text);
            }
        }
        return Json.tree(text);
    }
}
