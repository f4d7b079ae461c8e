package io.zitipekko.sdk.auth;

import java.net.URI;

/** A controller answered with an error (protocol/05 section 2). */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    ApiException(String method, URI uri, int status, String code, String message) {
        super(method + " " + uri.getAuthority() + uri.getPath() + ": HTTP " + status + " " + code + ": " + message);
        this.status = status;
        this.code = code;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** OpenZiti's code, e.g. {@code INVALID_AUTH}; empty when the answer was not an envelope. */
    public String code() {
        return code;
    }

    /** Whether the session or the credentials were refused. */
    public boolean isUnauthorized() {
        return status == 401;
    }
}
