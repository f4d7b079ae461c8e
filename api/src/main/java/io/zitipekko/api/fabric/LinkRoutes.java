package io.zitipekko.api.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Links between routers: seen, weighed, taken out of use, dropped. They live in memory only. */
final class LinkRoutes {
    private static final SymbolTable<LinkStatus> SYMBOLS = SymbolTable.<LinkStatus>of(
                    link -> link.id().value())
            .string("protocol", LinkStatus::protocol)
            .string("dialAddress", LinkStatus::dialAddress)
            .string("sourceRouter", link -> link.source().value())
            .string("destRouter", link -> link.dest().value())
            .integer("cost", LinkStatus::cost)
            .integer("staticCost", LinkStatus::staticCost)
            .integer("destLatency", link -> link.destLatency().toNanos())
            .integer("sourceLatency", link -> link.sourceLatency().toNanos())
            .string("state", link -> link.state().json())
            .integer("iteration", LinkStatus::iteration)
            .build();

    private final ManagementContext context;

    LinkRoutes(ManagementContext context) {
        this.context = context;
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.get("links", Access.permission("ops", Access.Action.READ), ApiHandler.direct(this::list))
                .get("links/{id}", Access.permission("ops", Access.Action.READ), ApiHandler.direct(this::detail))
                .patch("links/{id}", Access.permission("ops", Access.Action.UPDATE), this::patch)
                .delete("links/{id}", Access.permission("ops", Access.Action.DELETE), this::delete);
    }

    private ApiResponse list(RequestContext request) {
        Reading reading = context.reading(request);
        return Lists.live(request, context.fabric().links(), SYMBOLS, reading.view(), link -> json(link, reading));
    }

    private ApiResponse detail(RequestContext request) {
        return ApiResponse.ok(json(existing(request), context.reading(request)));
    }

    private LinkStatus existing(RequestContext request) {
        return context.fabric().link(id(request)).orElseThrow(ApiErrors::notFound);
    }

    private static LinkId id(RequestContext request) {
        return Fields.id("id", request.variable("id"), LinkId::new);
    }

    private CompletionStage<ApiResponse> patch(RequestContext request) {
        ObjectNode body = request.jsonObject();
        existing(request);
        @Nullable Integer cost = body.hasNonNull("staticCost") ? cost(body.get("staticCost")) : null;
        @Nullable Boolean down = body.hasNonNull("down") ? Fields.bool("down", body.get("down")) : null;
        return context.fabric().updateLink(id(request), cost, down).thenApply(found -> {
            if (!found) {
                throw ApiErrors.notFound();
            }
            return ApiResponse.empty();
        });
    }

    private static int cost(JsonNode value) {
        long cost = Fields.integer("staticCost", value);
        if (cost < 1 || cost > Integer.MAX_VALUE) {
            throw ApiErrors.couldNotValidate("staticCost", "should be at least 1", cost);
        }
        return (int) cost;
    }

    /** Answers well also when the link is gone already. */
    private CompletionStage<ApiResponse> delete(RequestContext request) {
        return context.fabric().removeLink(id(request)).thenApply(found -> ApiResponse.empty());
    }

    private static JsonNode json(LinkStatus link, Reading reading) {
        ObjectNode out = Json.object();
        out.put("id", link.id().value());
        out.putObject("_links").putObject("self").put("href", "./links/" + link.id());
        out.put("protocol", link.protocol());
        out.put("dialAddress", link.dialAddress());
        out.set("sourceRouter", router(link.source(), reading));
        out.set("destRouter", router(link.dest(), reading));
        out.put("state", link.state().json());
        out.put("down", link.down());
        out.put("staticCost", link.staticCost());
        out.put("sourceLatency", link.sourceLatency().toNanos());
        out.put("destLatency", link.destLatency().toNanos());
        out.put("cost", link.cost());
        out.put("iteration", link.iteration());
        ArrayNode connections = out.putArray("connections");
        link.connections().forEach(one -> connections
                .addObject()
                .put("type", one.type())
                .put("source", one.source())
                .put("dest", one.dest()));
        return out;
    }

    static ObjectNode router(RouterId id, Reading reading) {
        String name =
                reading.view().get(EdgeRouters.TYPE, id).map(EdgeRouter::name).orElse(id.value());
        return Shapes.ref("routers", id, name);
    }
}
