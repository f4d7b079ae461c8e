package io.zitipekko.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request's refusal, as the error envelope tells it. Thrown by handlers, or what their stage fails with. Has no stack trace: it is an
 * answer, not a fault. protocol/06 section 3.
 */
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int status;
    private final transient Optional<Cause> reason;
    private final transient Map<String, String> headers;

    /** What an error's {@code cause} says. */
    public sealed interface Cause {}

    /**
     * One field is to blame.
     *
     * @param field as the request names it
     * @param value what it held, as text
     */
    public record FieldCause(String field, String reason, String value) implements Cause {}

    /** Another error is to blame. */
    public record NestedCause(String code, String message) implements Cause {}

    /**
     * Several things are to blame.
     *
     * @param data says which, in a form of its own
     */
    public record DetailedCause(String message, JsonNode data) implements Cause {}

    private ApiError(String code, int status, String message, @Nullable Cause reason, Map<String, String> headers) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.reason = Optional.ofNullable(reason);
        this.headers = headers;
    }

    /**
     * @param code one of OpenZiti's, see {@link ApiErrors}
     * @param status HTTP status
     * @param message for people
     */
    public static ApiError of(String code, int status, String message) {
        return new ApiError(code, status, message, null, Map.of());
    }

    /** The same, blaming a field. */
    public ApiError because(String field, String why, @Nullable Object value) {
        return new ApiError(
                code, status, getMessage(), new FieldCause(field, why, value == null ? "" : value.toString()), headers);
    }

    /** The same, blaming another error. */
    public ApiError because(String nestedCode, String message) {
        return new ApiError(code, status, getMessage(), new NestedCause(nestedCode, message), headers);
    }

    /** The same, with details. */
    public ApiError because(String message, JsonNode data) {
        return new ApiError(code, status, getMessage(), new DetailedCause(message, data), headers);
    }

    /** The same, answered with one more header. */
    public ApiError withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiError(code, status, getMessage(), reason.orElse(null), more);
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public Optional<Cause> reason() {
        return reason;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
