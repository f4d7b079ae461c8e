package io.zitipekko.transport.control;

/** Header ids of the control connection (protocol/03 section 3). Numbers are reused with per-type meaning: read them by content type. */
public final class ControlHeader {
    /** Result: uint32, 1 = too busy. */
    public static final int RESULT_ERROR_CLASS = 10;
    /** CreateCircuit V2/V3 request and response: map of uint32 to bytes. */
    public static final int CIRCUIT_PEER_DATA = 10;
    /** V2 request: string, a secret. */
    public static final int CIRCUIT_SESSION_TOKEN = 11;
    /** V2/V3 request: string slice. */
    public static final int CIRCUIT_FINGERPRINTS = 12;
    /** V2/V3 request: string. */
    public static final int CIRCUIT_TERMINATOR_INSTANCE_ID = 13;
    /** V2/V3 request: string, a secret. */
    public static final int CIRCUIT_API_SESSION_TOKEN = 14;
    /** V3 request: string. */
    public static final int CIRCUIT_IDENTITY_ID = 15;
    /** V3 request: string. */
    public static final int CIRCUIT_SERVICE_ID = 16;
    /** V3 request: string, optional. */
    public static final int CIRCUIT_REQUESTED_ID = 17;
    /** V2/V3 response: string. */
    public static final int CIRCUIT_RESPONSE_ID = 11;
    /** V2/V3 response: string. */
    public static final int CIRCUIT_RESPONSE_ADDRESS = 12;
    /** V2/V3 response: map of string to string. */
    public static final int CIRCUIT_RESPONSE_TAGS = 13;
    /** 20002: uint32. */
    public static final int RETRY_HINT = 18;
    /** Router's hello: protobuf Listeners. */
    public static final int LISTENERS = 1000;
    /** Defined, but neither sent nor read. */
    public static final int ROUTER_METADATA = 1001;
    /** Both hellos: capability mask. */
    public static final int CAPABILITIES = 1002;
    /** Router's hello: protobuf CtrlChanListeners. */
    public static final int CTRL_CHAN_LISTENERS = 1003;
    /** Hello Result: the same mask for old peers. */
    public static final int LEGACY_CAPABILITIES = 12;
    /** Hello Result of a clustered controller; legacy 11. */
    public static final int PEER_ADDR = 2000;
    /** Mesh hello; legacy 12. */
    public static final int SIGNING_CERT = 2001;
    /** Hello Result: JSON object; legacy 13. */
    public static final int API_ADDRESSES = 2002;
    /** Mesh; legacy 14. */
    public static final int RAFT_CONN_ID = 2003;
    /** Hello Result of a clustered controller; legacy 15. */
    public static final int CLUSTER_ID = 2004;
    /** Hello Result: byte 1 if so. */
    public static final int PREFERRED_LEADER = 2005;

    public static final int LEGACY_PEER_ADDR = 11;
    public static final int LEGACY_API_ADDRESSES = 13;
    public static final int LEGACY_CLUSTER_ID = 15;
    /** 20200: string "instant". */
    public static final int SYNC_STRATEGY_TYPE = 1013;
    /** 20200: JSON {id, isLast, sequence}. */
    public static final int SYNC_STRATEGY_STATE = 1014;
    /** 20002: uint32. */
    public static final int ERROR_CODE = 1014;
    /** 20002: string, if a circuit existed. */
    public static final int ERROR_CIRCUIT_ID = 1026;
    /** 20412: string. */
    public static final int TUNNEL_TERMINATOR_ID = 1022;
    /** 20412: bool. */
    public static final int TUNNEL_CHECK_PASSED = 1023;
    /** 20000 and 20001: bool. */
    public static final int DATA_MODEL_SUPPORTED = 1024;
    /** 20001 and 20506: uint64. */
    public static final int DATA_MODEL_INDEX = 1025;
    /** 20500 and 20501: string. */
    public static final int DATA_MODEL_SUBSCRIPTION_ID = 1026;
    /** 1001: string. */
    public static final int CIRCUIT_ADDRESS = 1100;
    /** 1022: uint32, mandatory. */
    public static final int ROUTE_ATTEMPT = 1101;
    /** 1022: tested for presence, not for its value; never sent on failure. */
    public static final int ROUTE_SUCCESS = 1102;
    /** 1022: string. */
    public static final int ROUTE_ERROR = 1103;
    /** 1022: byte, see {@link RouteErrorCode}. */
    public static final int ROUTE_ERROR_CODE = 1104;
    /** Peer data: string. */
    public static final int TERMINATOR_LOCAL_ADDRESS = 1110;
    /** Peer data: string. */
    public static final int TERMINATOR_REMOTE_ADDRESS = 1111;
    /** Peer data: string. */
    public static final int INITIATOR_LOCAL_ADDRESS = 1112;
    /** Peer data: string. */
    public static final int INITIATOR_REMOTE_ADDRESS = 1113;
    /** Peer data: bytes. */
    public static final int STICKINESS_TOKEN = 1114;
    /** Peer data: string. */
    public static final int DIALER_IDENTITY_ID = 1115;
    /** Peer data: string. */
    public static final int DIALER_IDENTITY_NAME = 1116;

    private ControlHeader() {}
}
