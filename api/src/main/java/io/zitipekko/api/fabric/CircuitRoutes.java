package io.zitipekko.api.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import io.zitipekko.transport.xgress.CircuitId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Open circuits: seen and removed. They live in memory only. */
final class CircuitRoutes {
    private static final SymbolTable<CircuitStatus> SYMBOLS = SymbolTable.<CircuitStatus>of(
                    circuit -> circuit.id().value())
            .string("clientId", CircuitStatus::clientId)
            .string("service", circuit -> circuit.serviceId().value())
            .string("terminator", circuit -> circuit.terminatorId().value())
            .datetime("createdAt", CircuitStatus::createdAt)
            .datetime("updatedAt", CircuitStatus::updatedAt)
            .build();

    private final ManagementContext context;

    CircuitRoutes(ManagementContext context) {
        this.context = context;
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.get("circuits", Access.permission("ops", Access.Action.READ), ApiHandler.direct(this::list))
                .get("circuits/{id}", Access.permission("ops", Access.Action.READ), ApiHandler.direct(this::detail))
                .delete("circuits/{id}", Access.permission("ops", Access.Action.DELETE), this::delete);
    }

    private ApiResponse list(RequestContext request) {
        Reading reading = context.reading(request);
        return Lists.live(
                request, context.fabric().circuits(), SYMBOLS, reading.view(), circuit -> json(circuit, reading));
    }

    private ApiResponse detail(RequestContext request) {
        CircuitStatus circuit = context.fabric().circuit(id(request)).orElseThrow(ApiErrors::notFound);
        return ApiResponse.ok(json(circuit, context.reading(request)));
    }

    private static CircuitId id(RequestContext request) {
        return Fields.id("id", request.variable("id"), CircuitId::new);
    }

    private CompletionStage<ApiResponse> delete(RequestContext request) {
        JsonNode immediate = request.json().path("immediate");
        boolean now = !immediate.isMissingNode() && !immediate.isNull() && Fields.bool("immediate", immediate);
        return context.fabric().removeCircuit(id(request), now).thenApply(found -> {
            if (!found) {
                throw ApiErrors.notFound();
            }
            return ApiResponse.empty();
        });
    }

    private static JsonNode json(CircuitStatus circuit, Reading reading) {
        ObjectNode out = Shapes.base(
                circuit.id().value(), circuit.createdAt(), circuit.updatedAt(), circuit.tags(), "circuits", List.of());
        out.put("clientId", circuit.clientId());
        String service = reading.view()
                .get(Services.TYPE, circuit.serviceId())
                .map(Service::name)
                .orElse("<deleted>");
        out.set("service", Shapes.ref("services", circuit.serviceId(), service));
        String terminator = circuit.terminatorId().value();
        out.set("terminator", Shapes.ref("terminators", terminator, terminator));
        ObjectNode path = out.putObject("path");
        ArrayNode nodes = path.putArray("nodes");
        circuit.nodes().forEach(node -> nodes.add(LinkRoutes.router(node, reading)));
        ArrayNode links = path.putArray("links");
        circuit.links().forEach(link -> links.add(Shapes.ref("links", link.value(), link.value())));
        return out;
    }
}
