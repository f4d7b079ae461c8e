package io.zitipekko.transport.xgress;

/** Channel headers of the data plane (protocol/04 section 2.1 and 2.4). Integers are little-endian. */
public final class XgressHeader {
    /** First of the 256 payload headers: key k travels as {@code PAYLOAD_FIRST + k}, its value as raw bytes. */
    public static final int PAYLOAD_FIRST = 2000;

    public static final int PAYLOAD_LAST = 2255;
    /** Payload header 0: trace UUID, edge header 128. */
    public static final int TRACE_UUID = PAYLOAD_FIRST;
    /** Payload header 1: capabilities of the sending end, 4 bytes <em>big-endian</em>. */
    public static final int CAPABILITIES = PAYLOAD_FIRST + 1;
    /** Payload header 0x10: edge flags, 4 bytes little-endian. */
    public static final int EDGE_FLAGS = PAYLOAD_FIRST + 0x10;

    public static final int CIRCUIT_ID = 2256;
    /** uint64, of which the low 32 bits count, as a signed number. */
    public static final int SEQUENCE = 2257;

    public static final int FLAGS = 2258;
    /** uint32: bytes that the acknowledging end has stored and not yet handed on. */
    public static final int RECEIVE_BUFFER = 2259;
    /** uint16: low 16 bits of the Unix milliseconds at which the acknowledged copy left; 0 = unknown. */
    public static final int RTT_STAMP = 2260;

    public static final int TRACE_HOP_COUNT = 20;
    public static final int TRACE_HOP_TYPE = 21;
    public static final int TRACE_HOP_ID = 22;
    public static final int TRACE_TIMESTAMP = 23;
    public static final int TRACE_USER_VALUE = 24;
    public static final int TRACE_ERROR = 25;

    private XgressHeader() {}

    /** Whether this channel header is a payload header, which travels from end to end. */
    public static boolean isPayloadHeader(int id) {
        return id >= PAYLOAD_FIRST && id <= PAYLOAD_LAST;
    }
}
