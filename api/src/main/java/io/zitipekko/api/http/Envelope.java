package io.zitipekko.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** The JSON that wraps every answer. protocol/05 section 2, protocol/06 section 1.3. */
public final class Envelope {
    /** What {@code meta.pagination.limit} says when there was none. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private Envelope() {}

    public static ObjectNode of(JsonNode data) {
        ObjectNode out = Json.object();
        out.set("data", data);
        out.set("meta", Json.object());
        return out;
    }

    public static ObjectNode empty() {
        return of(Json.object());
    }

    public static ObjectNode created(String collection, String id) {
        ObjectNode data = Json.object();
        data.put("id", id);
        data.putObject("_links").putObject("self").put("href", "./" + collection + "/" + id);
        return of(data);
    }

    /**
     * A page.
     *
     * @param limit {@link #UNLIMITED} for none
     * @param total matches before paging
     * @param filterable symbols that filters may name; empty to leave the key out
     */
    public static ObjectNode list(ArrayNode data, long limit, long offset, long total, Collection<String> filterable) {
        ObjectNode out = Json.object();
        out.set("data", data);
        ObjectNode meta = out.putObject("meta");
        if (!filterable.isEmpty()) {
            ArrayNode names = meta.putArray("filterableFields");
            filterable.forEach(names::add);
        }
        meta.putObject("pagination").put("limit", limit).put("offset", offset).put("totalCount", total);
        return out;
    }

    /** The error envelope. */
    public static ObjectNode error(ApiError error, String requestId) {
        ObjectNode out = Json.object();
        ObjectNode body = out.putObject("error");
        body.putObject("args").putObject("urlVars");
        error.reason().ifPresent(reason -> {
            ObjectNode cause = body.putObject("cause");
            if (reason instanceof ApiError.FieldCause field) {
                cause.put("field", field.field()).put("reason", field.reason()).put("value", field.value());
            } else if (reason instanceof ApiError.NestedCause nested) {
                cause.put("code", nested.code()).put("message", nested.message());
            } else if (reason instanceof ApiError.DetailedCause detailed) {
                cause.put("message", detailed.message()).set("data", detailed.data());
            }
        });
        body.put("code", error.code()).put("message", error.getMessage()).put("requestId", requestId);
        out.putObject("meta").put("apiEnrollmentVersion", "0.0.1").put("apiVersion", "0.0.1");
        return out;
    }

    /** The bare body of a 413. protocol/05 section 1.4. */
    static ObjectNode tooLarge(long limit) {
        ObjectNode out = Json.object();
        out.put("code", "REQUEST_ENTITY_TOO_LARGE")
                .put("message", "the request body is larger than " + limit + " bytes");
        out.putNull("cause");
        return out;
    }
}
