package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.api.client.json.ApiSessionJson;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Envelope;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.SymbolTable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Certificates of the caller's own API session, and of no other (protocol/05 section 5.6). */
final class SessionCertificateRoutes {
    private static final String PATH = "current-api-session/certificates";

    private static final SymbolTable<ApiSessionCertificate> SYMBOLS = SymbolTable.of(
                    (ApiSessionCertificate certificate) -> certificate.id().value())
            .string("subject", ApiSessionCertificate::subject)
            .string("fingerprint", certificate -> certificate.fingerprint().hex())
            .datetime("validFrom", ApiSessionCertificate::validFrom)
            .datetime("validTo", ApiSessionCertificate::validTo)
            .build();

    private final ClientContext context;

    SessionCertificateRoutes(ClientContext context) {
        this.context = context;
    }

    record CertificateBody(@Nullable String csr) {}

    void addTo(ApiRoutes.Builder routes) {
        routes.post(PATH, Access.AUTHENTICATED, this::issue);
        routes.get(PATH, Access.AUTHENTICATED, ApiHandler.direct(this::list));
        routes.get(PATH + "/{id}", Access.AUTHENTICATED, ApiHandler.direct(this::detail));
        routes.delete(PATH + "/{id}", Access.AUTHENTICATED, this::delete);
    }

    private CompletionStage<ApiResponse> issue(RequestContext request) {
        String csr = request.jsonAs(CertificateBody.class).csr();
        if (csr == null) {
            throw ApiErrors.required("csr");
        }
        return context.sessions()
                .certificates()
                .issue(context.session(request), csr)
                .thenApply(issued -> {
                    ObjectNode body =
                            Envelope.created(PATH, issued.certificate().id().value());
                    ((ObjectNode) body.get("data"))
                            .put("certificate", issued.chainPem())
                            .put("cas", issued.casPem());
                    return ApiResponse.json(201, body);
                });
    }

    private ApiResponse list(RequestContext request) {
        AuthenticatedSession session = context.session(request);
        return Lists.answer(
                request, context.sessions().certificates().of(session), SYMBOLS, context.view(), ApiSessionJson::of);
    }

    private ApiResponse detail(RequestContext request) {
        return context.sessions()
                .certificates()
                .find(context.session(request), new ApiSessionCertificateId(request.variable("id")))
                .map(certificate -> ApiResponse.ok(ApiSessionJson.of(certificate)))
                .orElseThrow(ApiErrors::notFound);
    }

    private CompletionStage<ApiResponse> delete(RequestContext request) {
        return context.sessions()
                .certificates()
                .delete(context.session(request), new ApiSessionCertificateId(request.variable("id")))
                .thenApply(existed -> {
                    if (!existed) {
                        throw ApiErrors.notFound();
                    }
                    return ApiResponse.empty();
                });
    }
}
