package io.zitipekko.api.entity;

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

/** Answers list requests: parameters, errors, envelope. protocol/06 section 2. */
public final class Lists {
    private Lists() {}

    /** The request's query. @throws io.zitipekko.api.http.ApiError {@code INVALID_FILTER}, {@code INVALID_SORT_IDENTIFIER} */
    public static <E> Query<E> query(RequestContext request, SymbolTable<E> symbols) {
        String sort = request.parameter("sort").orElse("");
        try {
            return QueryParser.parse(symbols, request.parameter("filter").orElse(""), sort);
        } catch (InvalidQueryException e) {
            String why = String.valueOf(e.getMessage());
            throw e.part() == InvalidQueryException.Part.SORT
                    ? ApiErrors.invalidSort(sort, why)
                    : ApiErrors.invalidFilter(why);
        }
    }

    /** @param records in id order */
    public static <E> ApiResponse answer(
            RequestContext request,
            Collection<E> records,
            SymbolTable<E> symbols,
            ModelView view,
            Function<E, JsonNode> describe) {
        return answer(request, query(request, symbols), records, symbols, view, describe);
    }

    /** The same with a query that was narrowed further. */
    public static <E> ApiResponse answer(
            RequestContext request,
            Query<E> query,
            Collection<E> records,
            SymbolTable<E> symbols,
            ModelView view,
            Function<E, JsonNode> describe) {
        Window window = Window.of(query, integer(request, "limit"), integer(request, "offset"));
        Page<E> page = Page.of(records, query, window, symbols, view);
        return envelope(page, symbols.names(), describe);
    }

    /** A list of what lives in memory only; it does not tell what may be filtered by. */
    public static <E> ApiResponse live(
            RequestContext request,
            Collection<E> records,
            SymbolTable<E> symbols,
            ModelView view,
            Function<E, JsonNode> describe) {
        Query<E> query = query(request, symbols);
        Window window = Window.of(query, integer(request, "limit"), integer(request, "offset"));
        return envelope(Page.of(records, query, window, symbols, view), List.of(), describe);
    }

    /** Everything that matches, whatever the parameters say of paging. */
    public static <E> ApiResponse whole(
            Query<E> query,
            Collection<E> records,
            SymbolTable<E> symbols,
            ModelView view,
            Function<E, JsonNode> describe) {
        return envelope(Page.of(records, query, Window.whole(query), symbols, view), symbols.names(), describe);
    }

    /** A short list that is always given whole, whatever the request asks. */
    public static ApiResponse whole(ArrayNode data) {
        return ApiResponse.json(200, Envelope.list(data, Math.max(10, data.size()), 0, data.size(), List.of()));
    }

    /** A list of which there is nothing yet; its query is still checked. */
    public static ApiResponse empty(RequestContext request, SymbolTable<String> symbols, ModelView view) {
        return answer(request, List.of(), symbols, view, Json::tree);
    }

    private static <E> ApiResponse envelope(Page<E> page, List<String> filterable, Function<E, JsonNode> describe) {
        ArrayNode data = Json.array();
        page.items().forEach(item -> data.add(describe.apply(item)));
        Window window = page.window();
        return ApiResponse.json(200, Envelope.list(data, window.limit(), window.offset(), page.total(), filterable));
    }

    private static OptionalLong integer(RequestContext request, String name) {
        String text = request.parameter(name).orElse("");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw ApiErrors.couldNotValidate(name, name + " in query must be an integer", text);
        }
    }
}
