package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
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
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Authenticators: certificates, and user names with passwords. Administrators only. protocol/06 section 6.9. */
public final class AuthenticatorResource extends EntityResource<Authenticator> {
    private static final String COLLECTION = "authenticators";

    private static final SymbolTable<Authenticator> SYMBOLS = Symbols.<Authenticator>base()
            .string("method", AuthenticatorResource::method)
            .string("identity", authenticator -> authenticator.identityId().value())
            .string(
                    "certFingerprint",
                    authenticator -> authenticator.credential() instanceof Authenticator.Certificate c
                            ? c.fingerprint().hex()
                            : null)
            .string(
                    "certPem",
                    authenticator -> authenticator.credential() instanceof Authenticator.Certificate c ? c.pem() : null)
            .bool(
                    "isIssuedByNetwork",
                    authenticator ->
                            authenticator.credential() instanceof Authenticator.Certificate c && c.issuedByNetwork())
            .string(
                    "updbUsername",
                    authenticator ->
                            authenticator.credential() instanceof Authenticator.Password p ? p.username() : null)
            .build();

    public AuthenticatorResource(ManagementContext context) {
        super(context, COLLECTION, "authenticator", Authenticators.TYPE, SYMBOLS, List.of());
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
        routes.post(COLLECTION, Access.ADMIN, this::make)
                .put(COLLECTION + "/{id}", Access.ADMIN, request -> change(request, false))
                .patch(COLLECTION + "/{id}", Access.ADMIN, request -> change(request, true))
                .delete(COLLECTION + "/{id}", Access.ADMIN, this::delete)
                .post(COLLECTION + "/{id}/re-enroll", Access.ADMIN, this::reEnroll);
    }

    static String method(Authenticator authenticator) {
        return authenticator.credential() instanceof Authenticator.Password ? "updb" : "cert";
    }

    @Override
    protected void describe(Authenticator authenticator, ObjectNode out, Reading reading) {
        out.put("method", method(authenticator));
        out.put("identityId", authenticator.identityId().value());
        String name = reading.view()
                .get(Identities.TYPE, authenticator.identityId())
                .map(Identity::name)
                .orElse(null);
        out.set("identity", Shapes.ref(IdentityResource.COLLECTION, authenticator.identityId(), name));
        if (authenticator.credential() instanceof Authenticator.Password password) {
            out.put("username", password.username());
        } else if (authenticator.credential() instanceof Authenticator.Certificate certificate) {
            out.put("certPem", certificate.pem());
            out.put("fingerprint", certificate.fingerprint().hex());
            out.put("isIssuedByNetwork", certificate.issuedByNetwork());
        }
    }

    /** Hashing a password takes its time elsewhere, so that authenticators are not read from bodies in one step. */
    @Override
    protected Authenticator read(Fields<Authenticator> fields, String id, Instant now) {
        throw new UnsupportedOperationException("authenticators are made by make()");
    }

    private CompletionStage<ApiResponse> make(RequestContext request) {
        Fields<Authenticator> fields = Fields.create(request.jsonObject());
        String method = fields.requiredText("method", AuthenticatorResource::method);
        IdentityId identityId = Fields.id(
                "identityId",
                fields.requiredText("identityId", a -> a.identityId().value()),
                IdentityId::new);
        Identity identity = context.model()
                .view()
                .get(Identities.TYPE, identityId)
                .orElseThrow(() -> ApiErrors.couldNotValidate("identityId", "no identity has that id", identityId));
        boolean taken =
                context
                        .model()
                        .view()
                        .findAll(
                                Authenticators.TYPE,
                                Authenticators.BY_IDENTITY,
                                identity.id().value())
                        .stream()
                        .anyMatch(other -> method(other).equals(method));
        if (taken) {
            throw ApiError.of(
                    "MAX_AUTHENTICATOR_METHODS_REACHED",
                    409,
                    "The identity has an authenticator of method '" + method + "' already");
        }
        String id = context.ids().next();
        Entity.Meta meta = fields.meta(request.now());
        return credential(fields, method)
                .thenCompose(credential -> context.writes()
                        .put(
                                request.author(),
                                List.of(new Change.Put<>(
                                        Authenticators.TYPE,
                                        new Authenticator(new AuthenticatorId(id), meta, identityId, credential),
                                        null))))
                .thenApply(commit -> ApiResponse.created(COLLECTION, id));
    }

    private CompletionStage<? extends Authenticator.Credential> credential(
            Fields<Authenticator> fields, String method) {
        return switch (method) {
            case "updb" -> hashed(fields.requiredText("username", a -> ""), fields.requiredText("password", a -> ""));
            case "cert" -> CompletableFuture.completedFuture(certificate(fields.requiredText("certPem", a -> "")));
            default ->
                throw ApiErrors.couldNotValidate("method", "method in body should be one of [updb cert]", method);
        };
    }

    private CompletionStage<Authenticator.Password> hashed(String username, String password) {
        Usernames.check("username", username);
        Usernames.checkPassword(password);
        return context.passwords().hash(username, password);
    }

    private static Authenticator.Certificate certificate(String pem) {
        List<X509Certificate> certificates;
        try {
            certificates = Pem.certificates(pem);
        } catch (InvalidIdentityException e) {
            throw badPem(String.valueOf(e.getMessage()));
        }
        if (certificates.size() != 1) {
            throw badPem(certificates.size() + " certificates (expected: exactly one)");
        }
        X509Certificate leaf = certificates.get(0);
        return new Authenticator.Certificate(Fingerprint.of(leaf), Pem.write(leaf), false, null, null);
    }

    private static ApiError badPem(String why) {
        return ApiError.of("COULD_NOT_PARSE_PEM_BLOCK", 400, "The PEM could not be read")
                .because("certPem", why, null);
    }

    /** Only passwords can be changed. PUT gives both name and password, PATCH either. */
    private CompletionStage<ApiResponse> change(RequestContext request, boolean patch) {
        Authenticator before = existing(context.model().view(), request);
        if (!(before.credential() instanceof Authenticator.Password current)) {
            throw ApiError.of("CAN_NOT_UPDATE_AUTHENTICATOR", 409, "A certificate authenticator cannot be changed");
        }
        Fields<Authenticator> fields =
                patch ? Fields.patch(request.jsonObject(), before) : Fields.replace(request.jsonObject(), before);
        Entity.Meta meta = fields.meta(request.now());
        String username = fields.requiredText("username", a -> current.username());
        Usernames.check("username", username);
        CompletionStage<Authenticator.Password> password = fields.has("password") || !patch
                ? hashed(username, fields.requiredText("password", a -> ""))
                : CompletableFuture.completedFuture(
                        new Authenticator.Password(username, current.salt(), current.hash()));
        return password.thenCompose(credential -> context.writes()
                        .put(
                                request.author(),
                                List.of(new Change.Put<>(
                                        Authenticators.TYPE,
                                        new Authenticator(before.id(), meta, before.identityId(), credential),
                                        before))))
                .thenApply(commit -> ApiResponse.empty());
    }

    /** Takes the credential away and gives a right to enroll anew in its place. */
    private CompletionStage<ApiResponse> reEnroll(RequestContext request) {
        Authenticator before = existing(context.model().view(), request);
        Enrollment enrollment =
                context.enrollments().prepareAgain(before, Expiry.of(request.jsonObject(), request.now()));
        return context.writes()
                .put(
                        request.author(),
                        List.of(
                                new Change.Delete(Authenticators.TYPE, before.id()),
                                new Change.Put<>(Enrollments.TYPE, enrollment, null)))
                .thenApply(commit ->
                        ApiResponse.created("enrollments", enrollment.id().value()));
    }
}
