package io.zitipekko.transport.channel;

/** Header ids of the channel layer (protocol/01 section 6.2). In a Hello and its Result the ids below 16 mean what the connection kind says; in later messages only 1, 2, 5, 6 and 128 are universal. */
public final class ChannelHeaders {
    /** string: Hello (optional), Result (always). */
    public static final int CONNECTION_ID = 0;
    /** int32: sequence of the request that this message answers; -1 answers nothing. */
    public static final int REPLY_FOR = 1;
    /** bool. */
    public static final int RESULT_SUCCESS = 2;
    /** {@link VersionInfo}. */
    public static final int HELLO_VERSION = 4;
    /** uint64, Unix nanoseconds; rides on any message after the handshake. */
    public static final int HEARTBEAT = 5;
    /** uint64, the value of the heartbeat answered. */
    public static final int HEARTBEAT_RESPONSE = 6;
    /** string: underlay type. */
    public static final int TYPE = 7;
    /** string, Result: the listener's id token. */
    public static final int ID = 8;
    /** bool. */
    public static final int IS_GROUPED = 9;
    /** bytes. A secret. */
    public static final int GROUP_SECRET = 10;
    /** uint32 on a Result of the control connection after the handshake: 1 = too busy. */
    public static final int RESULT_ERROR_CLASS = 10;
    /** bool: only this creates a group. */
    public static final int IS_FIRST_GROUP_CONNECTION = 11;
    /** uint32 on a refusing Result: 1 busy, 2 not permitted. */
    public static final int HELLO_REJECT_CLASS = 13;
    /** bytes, copied verbatim from a request to its reply. */
    public static final int REFLECTED = 128;

    private ChannelHeaders() {}
}
