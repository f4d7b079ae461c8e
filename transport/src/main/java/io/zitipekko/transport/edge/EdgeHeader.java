package io.zitipekko.transport.edge;

/** Header ids of the edge connection (protocol/02 section 2). */
public final class EdgeHeader {
    /** 16 bytes: message trace id. */
    public static final int UUID = 128;
    /** uint32. */
    public static final int CONN_ID = 1000;
    /** uint32, informational. */
    public static final int SEQ = 1001;
    /** Hello: API session token, a secret. */
    public static final int SESSION_TOKEN = 1002;
    /** bytes. */
    public static final int PUBLIC_KEY = 1003;
    /** uint16. */
    public static final int COST = 1004;
    /** byte. */
    public static final int PRECEDENCE = 1005;
    /** string. */
    public static final int TERMINATOR_IDENTITY = 1006;
    /** bytes, a secret. */
    public static final int TERMINATOR_IDENTITY_SECRET = 1007;
    /** string, as the dialer says. */
    public static final int CALLER_ID = 1008;
    /** one byte (Go), int32 (JVM), text (C). */
    public static final int CRYPTO_METHOD = 1009;
    /** uint32, see {@link EdgeFlags}. */
    public static final int FLAGS = 1010;
    /** bytes. */
    public static final int APP_DATA = 1011;
    /** bool on Connect, Bind, StateConnected; uint32 on Dial. */
    public static final int ROUTER_PROVIDED_CONN_ID = 1012;
    /** bool. */
    public static final int HEALTH_STATUS = 1013;
    /** uint32, see {@link EdgeErrorCode}. */
    public static final int ERROR_CODE = 1014;
    /** uint64, milliseconds. */
    public static final int TIMESTAMP = 1015;
    /** uint32. */
    public static final int TRACE_HOP_COUNT = 1016;
    /** string. */
    public static final int TRACE_HOP_TYPE = 1017;
    /** string. */
    public static final int TRACE_HOP_ID = 1018;
    /** uint32. */
    public static final int TRACE_SOURCE_REQUEST_ID = 1019;
    /** string. */
    public static final int TRACE_ERROR = 1020;
    /** opaque bytes. */
    public static final int LISTENER_ID = 1021;
    /** byte: 0 invalid, 1 dial, 2 bind, 3 unknown. */
    public static final int CONN_TYPE = 1022;
    /** bool. */
    public static final int SUPPORTS_INSPECT = 1023;
    /** bool. */
    public static final int SUPPORTS_BIND_SUCCESS = 1024;
    /** string. */
    public static final int CONNECTION_MARKER = 1025;
    /** string. */
    public static final int CIRCUIT_ID = 1026;
    /** bytes. */
    public static final int STICKINESS_TOKEN = 1027;
    /** bool. */
    public static final int USE_XGRESS_TO_SDK = 1028;
    /** string. */
    public static final int XGRESS_CTRL_ID = 1029;
    /** string. */
    public static final int XGRESS_ADDRESS = 1030;
    /** string slice. */
    public static final int INSPECT_REQUESTED_VALUES = 1031;
    /** bool. */
    public static final int SUPPORTS_POSTURE_CHECKS = 1032;
    /** JSON, see {@link StructuredError}. */
    public static final int STRUCTURED_ERROR = 1033;
    /** string, verified by the dialer's router. */
    public static final int DIALER_IDENTITY_ID = 1034;
    /** string, verified by the dialer's router. */
    public static final int DIALER_IDENTITY_NAME = 1035;
    /** string. */
    public static final int SERVICE_ID = 1036;
    /** byte: 0 = SERVICE_ID holds an id, 1 = a name. */
    public static final int SERVICE_IDENTIFIER_TYPE = 1037;
    /** Reserved. */
    public static final int CONNECT_REQUEST_ID = 1038;
    /** capability mask. */
    public static final int ROUTER_CAPABILITIES = 1039;
    /** Reserved. */
    public static final int SERVICE_SUBSCRIPTION_INDEX = 1040;

    private EdgeHeader() {}
}
