package io.zitipekko.api.management.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every permission that an identity may hold. protocol/06 section 4. */
final class Permissions {
    private static final Set<String> KNOWN = known();

    private Permissions() {}

    static boolean isKnown(String permission) {
        return KNOWN.contains(permission);
    }

    private static Set<String> known() {
        Set<String> out = new HashSet<>(List.of(
                "admin_readonly", "ops", "ops.read", "ops.update", "ops.delete", "controllers", "controllers.read"));
        for (String entity : List.of(
                "auth-policy",
                "ca",
                "config",
                "config-type",
                "edge-router-policy",
                "enrollment",
                "external-jwt-signer",
                "identity",
                "posture-check",
                "router",
                "service",
                "service-edge-router-policy",
                "service-policy",
                "terminator")) {
            out.add(entity);
            for (String action : List.of("read", "create", "update", "delete")) {
                out.add(entity + "." + action);
            }
        }
        return Set.copyOf(out);
    }
}
