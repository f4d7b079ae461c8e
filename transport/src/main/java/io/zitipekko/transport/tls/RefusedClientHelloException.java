package io.zitipekko.transport.tls;

/** A ClientHello that is malformed or that nobody here serves, with the alert that answers it. */
final class RefusedClientHelloException extends Exception {
    private static final long serialVersionUID = 1L;

    private final TlsAlert alert;

    RefusedClientHelloException(TlsAlert alert, String message) {
        super(message);
        this.alert = alert;
    }

    RefusedClientHelloException(TlsAlert alert, String message, Throwable cause) {
        super(message, cause);
        this.alert = alert;
    }

    TlsAlert alert() {
        return alert;
    }
}
