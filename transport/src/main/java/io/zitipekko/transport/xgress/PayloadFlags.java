package io.zitipekko.transport.xgress;

/** Bits of header 2258, of the capabilities and of the edge flags (protocol/04 sections 2.1 and 2.2). */
public final class PayloadFlags {
    /** The sender's direction is over. */
    public static final int CIRCUIT_END = 1;
    /** Set by the terminating end, on payloads and acknowledgements alike; the initiating end leaves it clear. */
    public static final int ORIGINATOR = 2;
    /** First payload of the initiator. */
    public static final int CIRCUIT_START = 4;
    /** Part of a chunked payload; only on packet links. */
    public static final int CHUNK = 8;

    public static final int RETRANSMIT = 16;
    /** Half-close, understood by a peer that said {@link #CAPABILITY_EOF}. */
    public static final int EOF = 32;
    /** The sender hands nothing more to its local side: stop sending to it. */
    public static final int WRITE_FAILED = 64;

    /** Capability: understands {@link #EOF}. */
    public static final int CAPABILITY_EOF = 0x100;

    /** Edge flag: no more data follows. */
    public static final int EDGE_FIN = 1;

    public static final int EDGE_TRACE_UUID = 2;
    public static final int EDGE_MULTIPART = 4;
    public static final int EDGE_STREAM = 8;
    public static final int EDGE_MULTIPART_MESSAGE = 16;

    private PayloadFlags() {}

    /** Whether any bit of {@code bits} is set. */
    public static boolean has(int flags, int bits) {
        return (flags & bits) != 0;
    }
}
