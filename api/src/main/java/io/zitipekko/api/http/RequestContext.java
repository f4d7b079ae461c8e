package io.zitipekko.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.transport.tls.TlsPeer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request, read in full, its caller known. Immutable.
 *
 * @param id names the request in error answers and logs
 * @param method upper case
 * @param path cleaned and with aliases resolved
 * @param pathVariables decoded
 * @param query decoded, all values of a name in order
 * @param headers by lower-case name, all values in order
 * @param peer the TLS connection; certificates come from here and never from headers
 * @param caller who passed the route's access check; empty on anonymous routes without a good token
 * @param body at most 1 MiB; empty when none was sent
 * @param now when the request arrived
 */
public record RequestContext(
        String id,
        String method,
        String path,
        Map<String, String> pathVariables,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        TlsPeer peer,
        Optional<Caller> caller,
        byte[] body,
        Instant now) {

    /** A variable of the route's path. @throws IllegalArgumentException when the route has none of that name */
    public String variable(String name) {
        String value = pathVariables.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "path variable '" + name + "' (the route has " + pathVariables.keySet() + ")");
        }
        return value;
    }

    /** First value of a query parameter. */
    public Optional<String> parameter(String name) {
        return parameters(name).stream().findFirst();
    }

    public List<String> parameters(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The same request without one of its query parameters. */
    public RequestContext withoutParameter(String name) {
        Map<String, List<String>> fewer = new LinkedHashMap<>(query);
        fewer.remove(name);
        return new RequestContext(id, method, path, pathVariables, fewer, headers, peer, caller, body, now);
    }

    /** First value of a header. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** Whoever passed an access check that demands a session. @throws ApiError 401 otherwise */
    public Caller requireCaller() {
        return caller.orElseThrow(() -> ApiErrors.unauthorized(Challenge.NOTHING));
    }

    /** Who is to be named in the audit, whence and by what call. */
    public Proposal.Author author() {
        return requireCaller().author().by(source());
    }

    /** This call, as the audit names it. Without the query, where tokens may be. */
    public Proposal.Source source() {
        return new Proposal.Source("rest", "edge", peer.localAddress(), peer.remoteAddress(), method + " " + path);
    }

    /** The body as JSON; a missing node when it is empty. @throws ApiError {@code COULD_NOT_PARSE_BODY} */
    public JsonNode json() {
        return Json.read(body);
    }

    /** The body as a JSON object. @throws ApiError {@code COULD_NOT_PARSE_BODY} for anything else, an empty body included */
    public ObjectNode jsonObject() {
        if (json() instanceof ObjectNode object) {
            return object;
        }
        throw ApiErrors.couldNotParseBody(
                body.length == 0 ? "the body is empty (expected: a JSON object)" : "expected a JSON object");
    }

    /** The body mapped to {@code type}. An empty body, and {@code null}, are read as {@code {}}. @throws ApiError {@code COULD_NOT_PARSE_BODY} */
    public <T> T jsonAs(Class<T> type) {
        JsonNode node = json();
        return Json.convert(node.isMissingNode() || node.isNull() ? Json.object() : node, type);
    }

    /** Shows no header and no body: both may hold secrets. */
    @Override
    public String toString() {
        return "RequestContext[" + id + " " + method + " " + path + " from " + peer.remote() + "]";
    }
}
