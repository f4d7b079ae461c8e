package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** An identity as it sees itself (protocol/05 section 8.1). */
public final class IdentityJson {
    private IdentityJson() {}

    public static ObjectNode of(Identity identity, ModelView view, FabricDirectory fabric, Instant now) {
        String id = identity.id().value();
        ObjectNode out = Shapes.base(identity, "identities", List.of());
        out.put("name", identity.name());
        out.set("type", Shapes.ref("identity-types", identity.type(), identity.type()));
        out.put("typeId", identity.type());
        out.put("isAdmin", identity.admin()).put("isDefaultAdmin", identity.defaultAdmin());
        out.put("isMfaEnabled", false);
        out.put("externalId", identity.externalId());
        String policy = identity.authPolicyId().value();
        out.set(
                "authPolicy",
                Shapes.ref(
                        "auth-policies",
                        policy,
                        view.get(AuthPolicies.TYPE, identity.authPolicyId())
                                .map(known -> known.name())
                                .orElse(policy)));
        out.put("authPolicyId", policy);
        ArrayNode attributes = out.putArray("roleAttributes");
        identity.roleAttributes().forEach(attributes::add);
        ArrayNode permissions = out.putArray("permissions");
        identity.permissions().forEach(permissions::add);
        out.set("appData", Json.tree(identity.appData()));
        out.set("envInfo", Json.tree(identity.envInfo()));
        out.set("sdkInfo", Json.tree(identity.sdkInfo()));
        out.putArray("interfaces");
        hosting(out, identity);
        boolean connected = fabric.isConnected(identity.id());
        out.put(
                "hasApiSession",
                !view.findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, id).isEmpty());
        out.put("hasEdgeRouterConnection", connected);
        out.put("edgeRouterConnectionStatus", connected ? "online" : "offline");
        out.put("disabled", identity.disabled(now));
        if (identity.disabledAt() != null) {
            out.put("disabledAt", Json.date(identity.disabledAt()));
        }
        if (identity.disabledUntil() != null) {
            out.put("disabledUntil", Json.date(identity.disabledUntil()));
        }
        ObjectNode authenticators = out.putObject("authenticators");
        view.findAll(Authenticators.TYPE, Authenticators.BY_IDENTITY, id)
                .forEach(authenticator -> brief(authenticators, authenticator));
        ObjectNode enrollment = out.putObject("enrollment");
        view.findAll(Enrollments.TYPE, Enrollments.BY_IDENTITY, id).forEach(open -> brief(enrollment, open));
        return out;
    }

    private static void hosting(ObjectNode out, Identity identity) {
        out.put("defaultHostingCost", identity.defaultHostingCost());
        out.put("defaultHostingPrecedence", name(identity.defaultHostingPrecedence()));
        ObjectNode costs = out.putObject("serviceHostingCosts");
        identity.serviceHostingCosts().forEach(costs::put);
        ObjectNode precedences = out.putObject("serviceHostingPrecedences");
        identity.serviceHostingPrecedences().forEach((service, value) -> precedences.put(service, name(value)));
    }

    private static String name(Precedence precedence) {
        return precedence.name().toLowerCase(Locale.ROOT);
    }

    private static void brief(ObjectNode out, Authenticator authenticator) {
        String id = authenticator.id().value();
        if (authenticator.credential() instanceof Authenticator.Certificate certificate) {
            out.putObject("cert")
                    .put("id", id)
                    .put("fingerprint", certificate.fingerprint().hex());
        } else if (authenticator.credential() instanceof Authenticator.Password password) {
            out.putObject("updb").put("id", id).put("username", password.username());
        }
    }

    private static void brief(ObjectNode out, Enrollment enrollment) {
        out.putObject(enrollment.method())
                .put("id", enrollment.id().value())
                .put("token", enrollment.token())
                .put("jwt", enrollment.jwt())
                .put("expiresAt", Json.date(enrollment.expiresAt()));
    }
}
