package io.zitipekko.api.http;

import io.zitipekko.actors.enrollment.EnrollmentException;
import io.zitipekko.actors.model.ModelException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenZiti's error codes with their statuses. protocol/05 section 2.1, protocol/06 section 3.2. */
public final class ApiErrors {
    private ApiErrors() {}

    public static ApiError notFound() {
        return ApiError.of("NOT_FOUND", 404, "The resource requested was not found or is no longer available");
    }

    public static ApiError methodNotAllowed(String allowed) {
        return ApiError.of("METHOD_NOT_ALLOWED", 405, "The HTTP method is not supported by the requested resource")
                .withHeader("Allow", allowed);
    }

    /** No session, a bad one, or one without the right: all 401. */
    public static ApiError unauthorized(List<Challenge> challenges) {
        ApiError error = unauthorized();
        return challenges.isEmpty() ? error : error.withHeader("WWW-Authenticate", Challenge.header(challenges));
    }

    public static ApiError unauthorized() {
        return ApiError.of(
                "UNAUTHORIZED",
                401,
                "The request could not be completed. The session is not authorized or the credentials are invalid");
    }

    /** Credentials were rejected; never says which part of them. */
    public static ApiError invalidAuth() {
        return ApiError.of("INVALID_AUTH", 401, "The authentication request failed");
    }

    /** A field, body part or parameter is not acceptable. */
    public static ApiError couldNotValidate(String field, String reason, @Nullable Object value) {
        return ApiError.of(
                        "COULD_NOT_VALIDATE",
                        400,
                        "The supplied request contains an invalid document or no valid accept content were available, see cause")
                .because(field, reason, value);
    }

    /** A required field of the body is absent. */
    public static ApiError required(String field) {
        return couldNotValidate(field, field + " in body is required", null);
    }

    public static ApiError couldNotParseBody(String why) {
        return ApiError.of("COULD_NOT_PARSE_BODY", 400, "The body of the request could not be parsed")
                .because("UNHANDLED", why);
    }

    public static ApiError invalidFilter(String why) {
        return ApiError.of("INVALID_FILTER", 400, "The filter query supplied is invalid")
                .because("UNHANDLED", why);
    }

    public static ApiError invalidSort(String symbol, String why) {
        return ApiError.of("INVALID_SORT_IDENTIFIER", 400, "The sort order supplied contains an invalid identifier")
                .because("sort", why, symbol);
    }

    public static ApiError canNotBeUpdated(String why) {
        return ApiError.of("ENTITY_CAN_NOT_BE_UPDATED", 400, "The entity cannot be updated")
                .because("UNHANDLED", why);
    }

    public static ApiError canNotBeDeleted(String why) {
        return ApiError.of("ENTITY_CAN_NOT_BE_DELETED", 400, "The entity requested for delete can not be deleted")
                .because("UNHANDLED", why);
    }

    public static ApiError tooManyRequests() {
        return ApiError.of(
                "SERVER_TOO_MANY_REQUESTS",
                429,
                "Too many requests to alter state have been issued. Please slow your request rate or try again later.");
    }

    public static ApiError timeout() {
        return ApiError.of("TIMEOUT", 503, "Request timeout waiting for a response");
    }

    /** An error without a place in the list: anything that was not foreseen. */
    public static ApiError unhandled(String message) {
        return ApiError.of("UNHANDLED", 500, message);
    }

    /**
     * The API's word for a refusal of the model.
     *
     * @param deleting whether the request wanted to delete, which decides between two codes
     */
    public static ApiError of(ModelException refusal, boolean deleting) {
        String message = String.valueOf(refusal.getMessage());
        String field = refusal.field().orElse(null);
        Object value = refusal.value().orElse(null);
        return switch (refusal.kind()) {
            case NOT_FOUND -> field == null ? notFound() : notFound().because(field, message, value);
            case NOT_UNIQUE -> couldNotValidate(field == null ? "id" : field, message, value);
            case INVALID -> couldNotValidate(field == null ? "body" : field, message, value);
            case REFERENCE_NOT_FOUND -> missingReference(field, message, value);
            case REFERENCED ->
                ApiError.of(
                                "CAN_NOT_DELETE_REFERENCED_ENTITY",
                                409,
                                "The entity requested for delete has references and can not be deleted")
                        .because(field == null ? "id" : field, message, value);
            case PROTECTED -> deleting ? canNotBeDeleted(message) : canNotBeUpdated(message);
            case CONFLICT, OVERLOADED -> tooManyRequests();
            case NO_LEADER -> ApiError.of("CLUSTER_NO_LEADER", 503, "The cluster has no leader: " + message);
            case UNWRITABLE -> unhandled(message);
        };
    }

    /** Role lists and a config's type blame the field; every other dangling reference is a 404. protocol/06 sections 3.2, 5.1 and 6.7. */
    private static ApiError missingReference(@Nullable String field, String message, @Nullable Object value) {
        if (field == null) {
            return notFound();
        }
        if (field.endsWith("Roles")) {
            return couldNotValidate(field, message, value);
        }
        if (field.equals("configTypeId") || field.equals("type")) {
            return couldNotValidate("type", message, value);
        }
        return notFound().because(field, message, value);
    }

    /** The API's word for a refused enrolment. protocol/05 section 7. */
    public static ApiError of(EnrollmentException refusal) {
        ApiError error =
                ApiError.of(refusal.code().name(), refusal.code().status(), String.valueOf(refusal.getMessage()));
        if (refusal.field().isPresent()) {
            return error.because(refusal.field().get(), String.valueOf(refusal.getMessage()), null);
        }
        return refusal.causeMessage()
                .map(text -> error.because("UNHANDLED", text))
                .orElse(error);
    }
}
