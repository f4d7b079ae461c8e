package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;

/** Authentication policies, which can be read only: there is the built-in one. protocol/06 section 6.11. */
public final class AuthPolicyResource extends EntityResource<AuthPolicy> {
    private static final SymbolTable<AuthPolicy> SYMBOLS = Symbols.<AuthPolicy>base()
            .string("name", AuthPolicy::name)
            .bool("primary.cert.allowed", AuthPolicy::certAllowed)
            .bool("primary.cert.allowExpiredCerts", AuthPolicy::certAllowExpired)
            .bool("primary.updb.allowed", AuthPolicy::updbAllowed)
            .integer("primary.updb.minPasswordLength", AuthPolicy::updbMinPasswordLength)
            .integer("primary.updb.maxAttempts", AuthPolicy::updbMaxAttempts)
            .build();

    public AuthPolicyResource(ManagementContext context) {
        super(context, "auth-policies", "auth-policy", AuthPolicies.TYPE, SYMBOLS, List.of());
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
    }

    @Override
    protected void describe(AuthPolicy policy, ObjectNode out, Reading reading) {
        out.put("name", policy.name());
        ObjectNode primary = out.putObject("primary");
        primary.putObject("cert")
                .put("allowed", policy.certAllowed())
                .put("allowExpiredCerts", policy.certAllowExpired());
        primary.putObject("updb")
                .put("allowed", policy.updbAllowed())
                .put("minPasswordLength", policy.updbMinPasswordLength())
                .put("requireSpecialChar", false)
                .put("requireNumberChar", false)
                .put("requireMixedCase", false)
                .put("maxAttempts", policy.updbMaxAttempts())
                .put("lockoutDurationMinutes", policy.updbLockoutMinutes());
        primary.putObject("extJwt").put("allowed", true).putArray("allowedSigners");
        out.putObject("secondary").put("requireTotp", false).putNull("requireExtJwtSigner");
    }

    /** No verb leads here. */
    @Override
    protected AuthPolicy read(Fields<AuthPolicy> fields, String id, Instant now) {
        throw new UnsupportedOperationException("authentication policies are read only");
    }
}
