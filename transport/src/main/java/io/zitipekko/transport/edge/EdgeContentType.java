package io.zitipekko.transport.edge;

/** Content types of the edge connection (protocol/02 section 1). */
public final class EdgeContentType {
    public static final int XG_PAYLOAD = 1100;
    public static final int XG_ACKNOWLEDGEMENT = 1101;
    public static final int XG_CONTROL = 1102;
    public static final int XG_CLOSE = 1103;
    public static final int CONNECT = 60783;
    public static final int STATE_CONNECTED = 60784;
    public static final int STATE_CLOSED = 60785;
    public static final int DATA = 60786;
    public static final int DIAL = 60787;
    public static final int DIAL_SUCCESS = 60788;
    public static final int DIAL_FAILED = 60789;
    public static final int BIND = 60790;
    public static final int UNBIND = 60791;
    public static final int STATE_SESSION_ENDED = 60792;
    public static final int PROBE = 60793;
    public static final int UPDATE_BIND = 60794;
    public static final int HEALTH_EVENT = 60795;
    public static final int TRACE_ROUTE = 60796;
    public static final int TRACE_ROUTE_RESPONSE = 60797;
    public static final int CONN_INSPECT_REQUEST = 60798;
    public static final int CONN_INSPECT_RESPONSE = 60799;
    public static final int BIND_SUCCESS = 60800;
    public static final int UPDATE_TOKEN_SUCCESS = 60801;
    public static final int UPDATE_TOKEN_FAILURE = 60802;
    public static final int UPDATE_TOKEN = 60803;
    public static final int INSPECT_REQUEST = 60804;
    public static final int INSPECT_RESPONSE = 60805;
    public static final int CONNECT_V2 = 60806;
    public static final int ROUTE_CIRCUIT = 60807;
    public static final int POSTURE_RESPONSE = 10800;
    public static final int SERVICE_POSTURE_STATE_REQUEST = 108001;
    public static final int SERVICE_POSTURE_STATE_RESPONSE = 108002;
    public static final int SUBSCRIBE_TO_SERVICE_UPDATES = 10900;
    public static final int UNSUBSCRIBE_FROM_SERVICE_UPDATES = 10901;
    public static final int RESYNC_POSTURE_STATE = 10902;
    public static final int SERVICE_CHANGE_SET = 10903;
    public static final int POSTURE_STATE_CHANGE = 10904;

    private EdgeContentType() {}
}
