package io.zitipekko.transport.tls;

/** Alerts that are sent before there is an engine to send them (RFC 8446 section 6). */
enum TlsAlert {
    UNEXPECTED_MESSAGE(10),
    DECODE_ERROR(50),
    PROTOCOL_VERSION(70),
    INTERNAL_ERROR(80),
    NO_APPLICATION_PROTOCOL(120);

    private static final byte ALERT_RECORD = 21;
    private static final byte FATAL = 2;

    private final byte code;

    TlsAlert(int code) {
        this.code = (byte) code;
    }

    /** A fatal alert as one unencrypted record. */
    byte[] record() {
        return new byte[] {ALERT_RECORD, 3, 3, 0, 2, FATAL, code};
    }
}
