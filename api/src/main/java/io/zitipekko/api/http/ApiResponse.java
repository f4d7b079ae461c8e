package io.zitipekko.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer, ready to send.
 *
 * @param contentType exactly as sent, e.g. {@code application/json}; empty for no body
 * @param body may be empty
 * @param headers besides those of every answer
 */
public record ApiResponse(int status, String contentType, byte[] body, Map<String, String> headers) {
    public static final String JSON = "application/json";

    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** 200 with {@code {"data": data, "meta": {}}}. */
    public static ApiResponse ok(JsonNode data) {
        return json(200, Envelope.of(data));
    }

    /** 200 with {@code {"data": {}, "meta": {}}}: updates, deletes, actions. */
    public static ApiResponse empty() {
        return json(200, Envelope.empty());
    }

    /**
     * 201 naming what was made.
     *
     * @param collection path of its collection, e.g. {@code services}
     */
    public static ApiResponse created(String collection, String id) {
        return json(201, Envelope.created(collection, id));
    }

    /** Any JSON as it stands. */
    public static ApiResponse json(int status, JsonNode body) {
        return new ApiResponse(status, JSON, Json.write(body), Map.of());
    }

    /** Anything but JSON. */
    public static ApiResponse bytes(int status, String contentType, byte[] body) {
        return new ApiResponse(status, contentType, body, Map.of());
    }

    public ApiResponse withStatus(int other) {
        return new ApiResponse(other, contentType, body, headers);
    }

    public ApiResponse withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiResponse(status, contentType, body, more);
    }
}
