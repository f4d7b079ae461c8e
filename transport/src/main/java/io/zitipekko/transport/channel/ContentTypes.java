package io.zitipekko.transport.channel;

/** Content types of the channel layer itself (protocol/01 section 6.1). */
public final class ContentTypes {
    /** First message of the dialer on every underlay; body = id token. */
    public static final int HELLO = 0;
    /** A controller answers it with Result "ok". */
    public static final int PING = 1;
    /** General answer: header 2 says success, the body is text. */
    public static final int RESULT = 2;
    /** Latency probe: answered with Result, header 128 echoed. */
    public static final int LATENCY = 3;
    /** Not used by current peers. */
    public static final int LATENCY_RESPONSE = 4;
    /** Empty carrier of headers 5 and 6. */
    public static final int HEARTBEAT = 5;
    /** Datagram links only; never framed. */
    public static final int RAW = 6;

    private ContentTypes() {}
}
