package io.zitipekko.api.http;

import java.util.Optional;

/**
 * What a route demands of its caller. Anything short of it is answered 401 {@code UNAUTHORIZED}; there is no 403. protocol/05 section 4.4,
 * protocol/06 section 4.
 */
public final class Access {
    /** Everybody. A bad token is ignored. */
    public static final Access ANONYMOUS = new Access(Level.ANONYMOUS, null, null);

    /** Whoever has a session, though authentication queries may be outstanding. */
    public static final Access PARTIALLY_AUTHENTICATED = new Access(Level.PARTIALLY, null, null);

    /** Whoever has a session in full. */
    public static final Access AUTHENTICATED = new Access(Level.AUTHENTICATED, null, null);

    /** Administrators only. */
    public static final Access ADMIN = new Access(Level.ADMIN, null, null);

    /** What is done to an entity, for the permissions of non-administrators. */
    public enum Action {
        READ("read"),
        CREATE("create"),
        UPDATE("update"),
        DELETE("delete");

        private final String suffix;

        Action(String suffix) {
            this.suffix = suffix;
        }
    }

    private enum Level {
        ANONYMOUS,
        PARTIALLY,
        AUTHENTICATED,
        PERMITTED,
        ADMIN
    }

    private final Level level;
    private final @org.jspecify.annotations.Nullable String entity;
    private final @org.jspecify.annotations.Nullable Action action;

    private Access(
            Level level,
            @org.jspecify.annotations.Nullable String entity,
            @org.jspecify.annotations.Nullable Action action) {
        this.level = level;
        this.entity = entity;
        this.action = action;
    }

    /**
     * Administrators, and holders of the permission {@code entity} or {@code entity.action}; {@code admin_readonly} suffices for reading.
     *
     * @param entity as permissions name it, e.g. {@code service-policy}
     */
    public static Access permission(String entity, Action action) {
        return new Access(Level.PERMITTED, entity, action);
    }

    /** Whether callers without a session are let in. */
    public boolean isAnonymous() {
        return level == Level.ANONYMOUS;
    }

    /** Whether {@code caller} may pass. Nobody passes only an anonymous route. */
    public boolean admits(Optional<Caller> caller) {
        if (level == Level.ANONYMOUS) {
            return true;
        }
        if (caller.isEmpty()) {
            return false;
        }
        Caller known = caller.get();
        if (level == Level.PARTIALLY) {
            return true;
        }
        if (known.partial()) {
            return false;
        }
        return switch (level) {
            case AUTHENTICATED -> true;
            case ADMIN -> known.admin();
            case PERMITTED -> known.admin() || permits(known);
            default -> false;
        };
    }

    private boolean permits(Caller caller) {
        if (entity == null || action == null) {
            return false;
        }
        return caller.permissions().contains(entity)
                || caller.permissions().contains(entity + "." + action.suffix)
                || (action == Action.READ && caller.permissions().contains("admin_readonly"));
    }

    @Override
    public String toString() {
        return entity == null ? level.name() : entity + "." + action;
    }
}
