package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.enrollment.EnrollmentException;
import io.zitipekko.actors.enrollment.RouterRenewals;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.EnrollmentCertsResponse;
import io.zitipekko.transport.control.proto.edge.EnrollmentExtendRouterRequest;
import io.zitipekko.transport.control.proto.edge.EnrollmentExtendRouterVerifyRequest;
import io.zitipekko.transport.control.proto.edge.Error;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renewal of a router's certificates over its control channel, in two phases (protocol/03 section 5.4): new certificates that do not count yet, then, once
 * the router shows that it has them, their promotion. A request that fails gets no answer; the router asks again by itself.
 */
public final class RenewalRequests implements ControlRequests.Subject {
    private static final Logger LOG = LoggerFactory.getLogger(RenewalRequests.class);

    private final FabricState state;
    private final RouterRenewals renewals;

    public RenewalRequests(FabricState state, RouterRenewals renewals) {
        this.state = state;
        this.renewals = renewals;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.ENROLLMENT_EXTEND_ROUTER_REQUEST, this::extend)
                .on(ControlContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY, this::verify);
    }

    private void extend(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        EnrollmentExtendRouterRequest request = EnrollmentExtendRouterRequest.parseFrom(message.bodyBytes());
        renewals.extend(
                        router.id(),
                        request.getClientCertCsr(),
                        request.getServerCertCsr(),
                        request.getRequireVerification(),
                        router.source("renew certificates"))
                .whenComplete((certificates, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "{}: certificates not renewed: {}",
                                router,
                                cause(failure).getMessage());
                    } else {
                        router.send(
                                Lane.DEFAULT,
                                ControlContentType.ENROLLMENT_CERTS_RESPONSE,
                                EnrollmentCertsResponse.newBuilder()
                                        .setClientCertPem(certificates.certPem())
                                        .setServerCertPem(certificates.serverCertPem())
                                        .build());
                    }
                });
    }

    private void verify(ConnectedRouter router, Message message) {
        String pem;
        try {
            pem = EnrollmentExtendRouterVerifyRequest.parseFrom(message.bodyBytes())
                    .getClientCertPem();
        } catch (InvalidProtocolBufferException e) {
            answer(router, message, "COULD_NOT_UNMARSHAL", "the request cannot be decoded");
            return;
        }
        if (pem.isBlank()) {
            answer(router, message, "MISSING_CLIENT_PEM", "no client certificate was given");
            return;
        }
        renewals.verify(router.id(), pem, router.source("verify certificates")).whenComplete((done, failure) -> {
            if (failure == null) {
                answer(router, message, "", "");
            } else {
                answer(
                        router,
                        message,
                        code(router, cause(failure)),
                        String.valueOf(cause(failure).getMessage()));
            }
        });
    }

    private String code(ConnectedRouter router, Throwable failure) {
        if (failure instanceof EnrollmentException refused) {
            return switch (refused.code()) {
                case NOT_FOUND -> "ROUTER_NOT_FOUND";
                case COULD_NOT_VALIDATE -> "INVALID_ROUTER_STATE";
                case INVALID_CLIENT_CERT -> "INVALID_CLIENT_PEM";
                default -> "VERIFY_ERROR";
            };
        }
        return state.model().view().get(EdgeRouters.TYPE, router.id()).isEmpty() ? "ROUTER_NOT_FOUND" : "VERIFY_ERROR";
    }

    private static void answer(ConnectedRouter router, Message message, String code, String text) {
        router.reply(
                Lane.DEFAULT,
                message,
                ControlContentType.ERROR,
                Error.newBuilder().setCode(code).setMessage(text).build());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
