package io.zitipekko.api.http;

import java.util.ArrayList;
import java.util.List;

/** The routes of one API below its base path, in the order in which they were added. Immutable once built. */
public final class ApiRoutes {
    private final String basePath;
    private final List<Route> routes;

    /**
     * One operation.
     *
     * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
     * @param path absolute, variables in braces: {@code /edge/client/v1/services/{id}}
     */
    record Route(String method, String path, Access access, ApiHandler handler) {}

    private ApiRoutes(String basePath, List<Route> routes) {
        this.basePath = basePath;
        this.routes = List.copyOf(routes);
    }

    /** @param basePath e.g. {@code /edge/client/v1}; no trailing slash */
    public static Builder under(String basePath) {
        return new Builder(basePath);
    }

    /** Where this API begins. */
    public String basePath() {
        return basePath;
    }

    List<Route> routes() {
        return routes;
    }

    /** Collects routes. Paths are relative to the base, without a leading slash; {@code {name}} is a variable; empty is the base itself. */
    public static final class Builder {
        private final String basePath;
        private final List<Route> routes = new ArrayList<>();

        private Builder(String basePath) {
            this.basePath = basePath;
        }

        public Builder get(String path, Access access, ApiHandler handler) {
            return add("GET", path, access, handler);
        }

        public Builder post(String path, Access access, ApiHandler handler) {
            return add("POST", path, access, handler);
        }

        public Builder put(String path, Access access, ApiHandler handler) {
            return add("PUT", path, access, handler);
        }

        public Builder patch(String path, Access access, ApiHandler handler) {
            return add("PATCH", path, access, handler);
        }

        public Builder delete(String path, Access access, ApiHandler handler) {
            return add("DELETE", path, access, handler);
        }

        public ApiRoutes build() {
            return new ApiRoutes(basePath, routes);
        }

        private Builder add(String method, String path, Access access, ApiHandler handler) {
            routes.add(new Route(method, path.isEmpty() ? basePath : basePath + "/" + path, access, handler));
            return this;
        }
    }
}
