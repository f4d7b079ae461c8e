package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import java.util.List;

/** An API session as its owner sees it, and its certificates (protocol/05 sections 5.1 and 5.6). */
public final class ApiSessionJson {
    private ApiSessionJson() {}

    /** Holds the token: only for its owner. */
    public static ObjectNode of(AuthenticatedSession authenticated, ModelView view) {
        ApiSession session = authenticated.session();
        ObjectNode out = Shapes.base(session, "api-sessions", List.of());
        out.put("token", session.token());
        out.set(
                "identity",
                Shapes.ref(
                        "identities",
                        session.identityId().value(),
                        authenticated.identity().name()));
        out.put("identityId", session.identityId().value());
        out.put(
                "authenticatorId",
                session.authenticatorId() == null
                        ? ""
                        : session.authenticatorId().value());
        out.putArray("authQueries");
        ArrayNode types = out.putArray("configTypes");
        session.configTypes().forEach(types::add);
        out.put("ipAddress", session.ipAddress());
        String lastActivity = Json.date(authenticated.lastActivityAt());
        out.put("lastActivityAt", lastActivity).put("cachedLastActivityAt", lastActivity);
        out.put("expiresAt", Json.date(authenticated.expiresAt()));
        out.put("expirationSeconds", authenticated.timeout().toSeconds());
        out.put("isMfaRequired", false).put("isMfaComplete", false);
        out.put("isCertExtendable", extendable(session, view));
        out.put("isCertExtendRequested", false).put("isCertKeyRollRequested", false);
        out.put("improperClientCertChain", session.improperClientCertChain());
        return out;
    }

    private static boolean extendable(ApiSession session, ModelView view) {
        return session.authenticatorId() != null
                && view.get(Authenticators.TYPE, session.authenticatorId())
                        .filter(a -> a.credential() instanceof Authenticator.Certificate c && c.issuedByNetwork())
                        .isPresent();
    }

    /** One of its certificates. */
    public static ObjectNode of(ApiSessionCertificate certificate) {
        ObjectNode out = Shapes.base(certificate, "current-api-session/certificates", List.of());
        out.put("subject", certificate.subject());
        out.put("fingerprint", certificate.fingerprint().hex());
        out.put("validFrom", Json.date(certificate.validFrom()));
        out.put("validTo", Json.date(certificate.validTo()));
        out.put("certificate", certificate.pem());
        return out;
    }
}
