package io.zitipekko.transport.edge;

/** Bits of header 1010 of Data messages (protocol/02 section 3.1). */
public final class EdgeFlags {
    /** The sender will send no more data. */
    public static final int FIN = 1;
    /** The peer will put trace ids on its data messages. */
    public static final int TRACE_UUID = 2;
    /** The sender can receive multipart messages. */
    public static final int MULTIPART = 4;
    /** The connection is a byte stream: payloads may be merged. */
    public static final int STREAM = 8;
    /** This body, once decrypted, is a list of parts. */
    public static final int MULTIPART_MSG = 16;

    private EdgeFlags() {}
}
