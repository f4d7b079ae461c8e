package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.router.edge.session.AccessToken;
import io.zitipekko.actors.router.edge.session.AccessTokens;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import org.apache.pekko.util.ByteString;

/** An SDK's UpdateToken: a fresh access token for the session that its channel has; the channel ends after a refusal (protocol/02 section 5.1). */
final class TokenRenewal {
    private static final int MAX_TOKEN = 16 * 1024;

    private final EdgeConnection connection;
    private final EdgeServices services;
    private final AccessTokens tokens;

    TokenRenewal(EdgeConnection connection, EdgeServices services) {
        this.connection = connection;
        this.services = services;
        this.tokens =
                new AccessTokens(services.parts().model(), services.parts().clock());
    }

    void update(EdgeSession owner, Message request) {
        if (owner.kind() != EdgeSession.Kind.OIDC) {
            refuse(
                    request,
                    EdgeErrorCode.INVALID_API_SESSION_TYPE,
                    "the connection was not authenticated by a JWT bearer token");
            return;
        }
        String token = request.body().size() > MAX_TOKEN ? "" : request.bodyText();
        if (!token.startsWith("ey") || token.chars().filter(c -> c == '.').count() != 2) {
            refuse(request, EdgeErrorCode.INVALID_API_SESSION, "invalid token, could not be parsed");
            return;
        }
        AccessToken access;
        try {
            access = tokens.verify(token);
        } catch (InvalidTokenException e) {
            refuse(request, EdgeErrorCode.INVALID_API_SESSION, "invalid token, invalid signature");
            return;
        }
        if (!access.apiSessionId().equals(owner.apiSessionId())
                || !access.identityId().equals(owner.identityId())) {
            refuse(request, EdgeErrorCode.INVALID_API_SESSION, "invalid token, API session id does not match");
            return;
        }
        if (access.endedBy(services.parts().model(), services.parts().clock().instant())
                .isPresent()) {
            refuse(request, EdgeErrorCode.INVALID_API_SESSION, "invalid token, revoked");
            return;
        }
        // Its authority may have been withdrawn a moment ago: the end of the channel is on its way.
        if (!SdkAuthenticator.admits(
                services.parts(), connection.channel().peer().certificates())) {
            refuse(request, EdgeErrorCode.INVALID_API_SESSION, "client certificate is not trusted any more");
            return;
        }
        services.registry().of(owner.apiSessionId()).forEach(channel -> channel.renew(token, access));
        connection
                .channel()
                .reply(
                        Lane.HIGH,
                        request,
                        Message.of(EdgeContentType.UPDATE_TOKEN_SUCCESS, Headers.EMPTY, ByteString.emptyByteString()));
    }

    private void refuse(Message request, EdgeErrorCode code, String text) {
        StructuredError error = StructuredError.of(code, RetryHint.DEFAULT, text);
        Message answer = Message.of(
                EdgeContentType.UPDATE_TOKEN_FAILURE,
                Headers.builder()
                        .int32(EdgeHeader.ERROR_CODE, code.code())
                        .string(EdgeHeader.STRUCTURED_ERROR, error.toJson())
                        .build(),
                "code: " + code.code() + ", message: " + text);
        connection.channel().reply(Lane.HIGH, request, answer);
        connection.close("token update refused: " + text);
    }
}
