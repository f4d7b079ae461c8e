package io.zitipekko.api.http;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All routes of a listener as a tree of path segments; a literal segment wins over a variable. Immutable once built. */
final class RouteTable {
    private final Node root = new Node();
    private final Set<String> claimed = new HashSet<>();

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node variable;
        private final Map<String, ApiRoutes.Route> methods = new TreeMap<>();
    }

    /**
     * A route with what its variables stood for.
     *
     * @param variables by name
     */
    record Match(ApiRoutes.Route route, Map<String, String> variables) {}

    private RouteTable() {}

    /** @throws IllegalArgumentException when two routes have the same method and path */
    static RouteTable of(Collection<ApiRoutes> apis) {
        RouteTable table = new RouteTable();
        for (ApiRoutes api : apis) {
            for (ApiRoutes.Route route : api.routes()) {
                table.add(route);
            }
        }
        return table;
    }

    private void add(ApiRoutes.Route route) {
        Node node = root;
        List<String> parts = parts(route.path());
        claimed.add(parts.get(0));
        for (String part : parts) {
            if (part.startsWith("{")) {
                if (node.variable == null) {
                    node.variable = new Node();
                }
                node = node.variable;
            } else {
                node = node.literals.computeIfAbsent(part, p -> new Node());
            }
        }
        if (node.methods.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException("route " + route.method() + " " + route.path() + " (is there already)");
        }
    }

    /** First path segments that belong to some API here. */
    Set<String> claimed() {
        return claimed;
    }

    /**
     * @return empty when nothing is known there
     * @throws ApiError {@code METHOD_NOT_ALLOWED} when the path is known, but not for this method
     */
    Optional<Match> find(String method, List<String> segments) {
        Node node = descend(root, segments, 0);
        if (node == null) {
            return Optional.empty();
        }
        ApiRoutes.Route route = node.methods.get(method);
        if (route == null) {
            throw ApiErrors.methodNotAllowed(String.join(", ", node.methods.keySet()));
        }
        Map<String, String> variables = new HashMap<>();
        List<String> parts = parts(route.path());
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.startsWith("{")) {
                variables.put(part.substring(1, part.length() - 1), segments.get(i));
            }
        }
        return Optional.of(new Match(route, variables));
    }

    private static @Nullable Node descend(Node node, List<String> segments, int depth) {
        if (depth == segments.size()) {
            return node.methods.isEmpty() ? null : node;
        }
        Node literal = node.literals.get(segments.get(depth));
        if (literal != null) {
            Node found = descend(literal, segments, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return node.variable == null ? null : descend(node.variable, segments, depth + 1);
    }

    private static List<String> parts(String path) {
        return List.of(path.substring(1).split("/"));
    }
}
