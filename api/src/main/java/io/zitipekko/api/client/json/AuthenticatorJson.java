package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.api.entity.Shapes;
import java.util.List;

/** One of an identity's own authenticators; never holds a hash (protocol/05 section 7.6). */
public final class AuthenticatorJson {
    private AuthenticatorJson() {}

    public static ObjectNode of(Authenticator authenticator, Identity identity) {
        ObjectNode out = Shapes.base(authenticator, "current-identity/authenticators", List.of());
        out.put("identityId", identity.id().value());
        out.set("identity", Shapes.ref("identities", identity.id().value(), identity.name()));
        if (authenticator.credential() instanceof Authenticator.Certificate certificate) {
            out.put("method", "cert")
                    .put("certPem", certificate.pem())
                    .put("fingerprint", certificate.fingerprint().hex())
                    .put("isIssuedByNetwork", certificate.issuedByNetwork());
        } else if (authenticator.credential() instanceof Authenticator.Password password) {
            out.put("method", "updb").put("username", password.username()).put("isIssuedByNetwork", false);
        }
        out.put("isExtendRequested", false).put("isKeyRollRequested", false).put("lastAuthResolvedToRoot", true);
        return out;
    }
}
