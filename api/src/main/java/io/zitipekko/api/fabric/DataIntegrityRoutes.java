package io.zitipekko.api.fabric;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Looks whether everything that entities name exists. The writer admits nothing else, so that a finding is a defect and is not mended here. */
public final class DataIntegrityRoutes {
    private static final int MOST_FINDINGS = 1000;

    private final Model model;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicReference<@Nullable Check> last = new AtomicReference<>();

    private record Check(Instant started, Instant ended, List<String> findings, boolean tooMany) {}

    public DataIntegrityRoutes(Model model) {
        this.model = model;
    }

    public void addTo(ApiRoutes.Builder routes) {
        routes.post("database/check-data-integrity", Access.ADMIN, this::check)
                .get("database/data-integrity-results", Access.ADMIN, ApiHandler.direct(this::results));
    }

    /** Runs beside the HTTP threads' work: it reads one immutable state. */
    private CompletionStage<ApiResponse> check(RequestContext request) {
        if (!running.compareAndSet(false, true)) {
            throw ApiError.of("RATE_LIMITED", 429, "A data integrity check is running");
        }
        ModelView view = model.view();
        return CompletableFuture.supplyAsync(() -> findings(view))
                .whenComplete((findings, failure) -> {
                    if (findings != null) {
                        boolean tooMany = findings.size() >= MOST_FINDINGS;
                        last.set(new Check(request.now(), Instant.now(), findings, tooMany));
                    }
                    running.set(false);
                })
                .thenApply(done -> ApiResponse.empty().withStatus(202));
    }

    private static List<String> findings(ModelView view) {
        List<String> findings = new ArrayList<>();
        EntityTypes.all().forEach(type -> check(type, view, findings));
        return findings;
    }

    private static <E extends Entity> void check(EntityType<E> type, ModelView view, List<String> findings) {
        for (Reference<E> reference : type.references()) {
            EntityType<?> target = reference.target().get();
            for (E entity : view.all(type)) {
                for (String id : reference.key().of().apply(entity)) {
                    if (findings.size() < MOST_FINDINGS
                            && view.get(target, target.idOf().apply(id)).isEmpty()) {
                        findings.add(type + " '" + entity.id() + "': "
                                + reference.key().name() + " names " + target + " '" + id + "', which does not exist");
                    }
                }
            }
        }
    }

    private ApiResponse results(RequestContext request) {
        @Nullable Check check = last.get();
        ObjectNode data = Json.object();
        data.put("inProgress", running.get())
                .put("fixingErrors", false)
                .put("tooManyErrors", check != null && check.tooMany());
        data.put("startTime", check == null ? null : Json.date(check.started()));
        data.put("endTime", check == null ? null : Json.date(check.ended()));
        data.putNull("error");
        ArrayNode results = data.putArray("results");
        List<String> findings = check == null ? List.of() : check.findings();
        findings.forEach(
                finding -> results.addObject().put("description", finding).put("fixed", false));
        ObjectNode out = Json.object();
        out.set("data", data);
        out.putObject("meta")
                .putObject("pagination")
                .put("limit", -1)
                .put("offset", 0)
                .put("totalCount", findings.size());
        return ApiResponse.json(200, out);
    }
}
