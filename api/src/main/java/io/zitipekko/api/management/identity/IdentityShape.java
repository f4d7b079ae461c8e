package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.AuthPolicy;
import io.zitipekko.actors.model.Authenticator;
import io.zitipekko.actors.model.Enrollment;
import io.zitipekko.actors.model.Identity;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.entity.Shapes;
import io.zitipekko.api.management.entity.Words;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An identity as JSON. protocol/06 section 6.1. */
public final class IdentityShape {
    /** Adds everything but the base. */
    public void describe(Identity identity, ObjectNode out, Reading reading) {
        String id = identity.id().value();
        out.put("name", identity.name());
        out.set("type", Shapes.ref("identity-types", identity.type(), identity.type()));
        out.put("typeId", identity.type());
        out.put("isAdmin", identity.admin());
        out.put("isDefaultAdmin", identity.defaultAdmin());
        out.set("roleAttributes", Shapes.texts(identity.roleAttributes()));
        out.put("externalId", identity.externalId());
        out.put("authPolicyId", identity.authPolicyId().value());
        String policyName = reading.view()
                .get(AuthPolicies.TYPE, identity.authPolicyId())
                .map(AuthPolicy::name)
                .orElse(null);
        out.set("authPolicy", Shapes.ref("auth-policies", identity.authPolicyId(), policyName));
        out.set("permissions", Shapes.texts(identity.permissions()));
        out.put("defaultHostingCost", identity.defaultHostingCost());
        out.put("defaultHostingPrecedence", Words.of(identity.defaultHostingPrecedence()));
        out.set("serviceHostingCosts", Json.tree(identity.serviceHostingCosts()));
        Map<String, String> precedences = new TreeMap<>();
        identity.serviceHostingPrecedences()
                .forEach((service, precedence) -> precedences.put(service, Words.of(precedence)));
        out.set("serviceHostingPrecedences", Json.tree(precedences));
        out.set("appData", Json.tree(identity.appData()));
        out.set("envInfo", Json.tree(identity.envInfo()));
        out.set("sdkInfo", Json.tree(identity.sdkInfo()));
        out.putArray("interfaces");
        out.put("isMfaEnabled", false);
        out.put(
                "hasApiSession",
                !reading.view()
                        .findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, id)
                        .isEmpty());
        boolean connected = reading.fabric().isConnected(identity.id());
        out.put("hasEdgeRouterConnection", connected);
        out.put("edgeRouterConnectionStatus", connected ? "online" : "offline");
        describeDisabled(identity, out, reading);
        describeAuthenticators(id, out.putObject("authenticators"), reading);
        describeEnrollments(id, out.putObject("enrollment"), reading);
    }

    private static void describeDisabled(Identity identity, ObjectNode out, Reading reading) {
        boolean disabled = identity.disabled(reading.now());
        out.put("disabled", disabled);
        if (disabled && identity.disabledAt() != null) {
            out.put("disabledAt", Json.date(identity.disabledAt()));
            if (identity.disabledUntil() != null) {
                out.put("disabledUntil", Json.date(identity.disabledUntil()));
            }
        }
    }

    private static void describeAuthenticators(String id, ObjectNode out, Reading reading) {
        for (Authenticator authenticator :
                reading.view().findAll(Authenticators.TYPE, Authenticators.BY_IDENTITY, id)) {
            String own = authenticator.id().value();
            if (authenticator.credential() instanceof Authenticator.Certificate certificate) {
                out.putObject("cert")
                        .put("id", own)
                        .put("fingerprint", certificate.fingerprint().hex());
            } else if (authenticator.credential() instanceof Authenticator.Password password) {
                out.putObject("updb").put("id", own).put("username", password.username());
            }
        }
    }

    private static void describeEnrollments(String id, ObjectNode out, Reading reading) {
        for (Enrollment enrollment : reading.view().findAll(Enrollments.TYPE, Enrollments.BY_IDENTITY, id)) {
            ObjectNode one = out.putObject(enrollment.method());
            one.put("id", enrollment.id().value())
                    .put("token", enrollment.token())
                    .put("jwt", enrollment.jwt())
                    .put("expiresAt", Json.date(enrollment.expiresAt()));
            @Nullable String username = enrollment.username();
            if (username != null) {
                one.put("username", username);
            }
        }
    }
}
