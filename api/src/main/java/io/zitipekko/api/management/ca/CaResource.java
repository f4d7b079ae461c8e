package io.zitipekko.api.management.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Whose certificates are believed besides the network's own. protocol/06 section 6.8. */
public final class CaResource extends EntityResource<Ca> {
    private static final String COLLECTION = "cas";

    private static final SymbolTable<Ca> SYMBOLS = Symbols.<Ca>base()
            .string("name", Ca::name)
            .string("fingerprint", ca -> ca.fingerprint().hex())
            .bool("isVerified", Ca::verified)
            .string("verificationToken", Ca::verificationToken)
            .bool("isAutoCaEnrollmentEnabled", Ca::autoEnrollmentEnabled)
            .bool("isOttCaEnrollmentEnabled", Ca::ottEnrollmentEnabled)
            .bool("isAuthEnabled", Ca::authEnabled)
            .build();

    public CaResource(ManagementContext context) {
        super(context, COLLECTION, "ca", Cas.TYPE, SYMBOLS, List.of());
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        super.addTo(routes);
        routes.post(COLLECTION + "/{id}/verify", may(Access.Action.UPDATE), this::verify)
                .get(COLLECTION + "/{id}/jwt", may(Access.Action.READ), ApiHandler.direct(this::token));
    }

    @Override
    protected void describe(Ca ca, ObjectNode out, Reading reading) {
        if (!ca.verified()) {
            link(ca, out, "verify");
        }
        if (ca.autoEnrollmentEnabled()) {
            link(ca, out, "jwt");
        }
        out.put("name", ca.name());
        out.put("fingerprint", ca.fingerprint().hex());
        out.put("certPem", ca.certPem());
        out.put("isVerified", ca.verified());
        out.put("verificationToken", ca.verificationToken());
        out.put("isAuthEnabled", ca.authEnabled());
        out.put("isOttCaEnrollmentEnabled", ca.ottEnrollmentEnabled());
        out.put("isAutoCaEnrollmentEnabled", ca.autoEnrollmentEnabled());
        out.set("identityRoles", Shapes.texts(ca.identityRoles()));
        out.put("identityNameFormat", ca.identityNameFormat());
        if (ca.externalIdClaim() != null) {
            out.set("externalIdClaim", ExternalIdClaims.json(ca.externalIdClaim()));
        }
    }

    private static void link(Ca ca, ObjectNode out, String name) {
        out.withObject("/_links").putObject(name).put("href", "./" + COLLECTION + "/" + ca.id() + "/" + name);
    }

    /** The certificate is read when it comes in; whatever a later body says of it is ignored, as of every field that cannot change. */
    @Override
    protected Ca read(Fields<Ca> fields, String id, Instant now) {
        Ca before = fields.before();
        String name = fields.requiredText("name", Ca::name);
        List<X509Certificate> certificates =
                certificates(before == null ? fields.requiredText("certPem", Ca::certPem) : before.certPem());
        List<String> roles = fields.required(
                "identityRoles", value -> Fields.texts("identityRoles", value), ca -> List.copyOf(ca.identityRoles()));
        String format = fields.text("identityNameFormat", Ca::identityNameFormat, Ca.DEFAULT_NAME_FORMAT);
        return new Ca(
                new CaId(id),
                fields.meta(now),
                name,
                Fingerprint.of(certificates.get(0)),
                Pem.write(certificates),
                before != null && before.verified(),
                before == null ? UUID.randomUUID().toString() : before.verificationToken(),
                fields.requiredBool("isAuthEnabled", Ca::authEnabled),
                fields.requiredBool("isOttCaEnrollmentEnabled", Ca::ottEnrollmentEnabled),
                fields.requiredBool("isAutoCaEnrollmentEnabled", Ca::autoEnrollmentEnabled),
                new TreeSet<>(roles),
                format.isBlank() ? Ca.DEFAULT_NAME_FORMAT : format,
                ExternalIdClaims.read(fields));
    }

    private static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> certificates;
        try {
            certificates = Pem.certificates(pem);
        } catch (InvalidIdentityException e) {
            throw ApiErrors.couldNotValidate("certPem", String.valueOf(e.getMessage()), null);
        }
        if (certificates.get(0).getBasicConstraints() < 0) {
            throw ApiError.of("CERTIFICATE_IS_NOT_CA", 400, "The certificate is not that of an authority")
                    .because("certPem", "its basic constraints do not say that it is one", null);
        }
        return certificates;
    }

    private CompletionStage<ApiResponse> verify(RequestContext request) {
        return change(request, before -> {
            CaVerification.check(before, request.body(), request.now());
            return List.of(
                    new Change.Put<>(Cas.TYPE, before.withVerified(before.meta().touched(request.now())), before));
        });
    }

    private ApiResponse token(RequestContext request) {
        Ca ca = existing(context.model().view(), request);
        return ApiResponse.bytes(
                200,
                "application/jwt",
                context.tokens().authority(ca.id().value()).getBytes(StandardCharsets.US_ASCII));
    }
}
