package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.Envelope;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.InvalidQueryException;
import io.zitipekko.api.query.Page;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.QueryParser;
import io.zitipekko.api.query.SymbolTable;
import io.zitipekko.api.query.Window;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Lists as the client API answers them: filtered, sorted and paged as the request asks (protocol/05 section 2). */
final class ListAnswer {
    private ListAnswer() {}

    /** @param records in id order */
    static <E> ApiResponse of(
            RequestContext request,
            Collection<E> records,
            SymbolTable<E> symbols,
            ModelView view,
            Function<E, JsonNode> json) {
        Page<E> page;
        try {
            Query<E> query = QueryParser.parse(
                    symbols,
                    request.parameter("filter").orElse(""),
                    request.parameter("sort").orElse(""));
            page = Page.of(
                    records,
                    query,
                    Window.of(query, number(request, "limit"), number(request, "offset")),
                    symbols,
                    view);
        } catch (InvalidQueryException e) {
            throw e.part() == InvalidQueryException.Part.SORT
                    ? ApiErrors.invalidSort(request.parameter("sort").orElse(""), String.valueOf(e.getMessage()))
                    : ApiErrors.invalidFilter(String.valueOf(e.getMessage()));
        }
        ArrayNode data = Json.array();
        page.items().forEach(item -> data.add(json.apply(item)));
        return ApiResponse.json(
                200, Envelope.list(data, page.window().limit(), page.window().offset(), page.total(), symbols.names()));
    }

    /** A short list that is always given whole, whatever the request asks. */
    static ApiResponse whole(ArrayNode data) {
        return ApiResponse.json(200, Envelope.list(data, Math.max(10, data.size()), 0, data.size(), List.of()));
    }

    private static OptionalLong number(RequestContext request, String name) {
        String text = request.parameter(name).orElse("");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw ApiErrors.couldNotValidate(name, "must be an integer", text);
        }
    }
}
