package io.zitipekko.transport.xgress;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.pekko.util.ByteString;

/**
 * Tells the sending end which payloads were accepted, and how much the receiving end has stored (protocol/04 section 2.3).
 *
 * @param flags {@link PayloadFlags}; only the originator bit means anything
 * @param receiveBuffer bytes stored and not yet handed on, unsigned 32 bits
 * @param rttStamp the stamp of the newest payload acknowledged; 0 = unknown
 * @param encodedSequences big-endian 32-bit sequence numbers; empty in a window update
 */
public record Acknowledgement(
        CircuitId circuitId, int flags, long receiveBuffer, int rttStamp, ByteString encodedSequences) {
    /** What a missing buffer size stands for: everything is full. */
    public static final long UNKNOWN_BUFFER = 0xffff_ffffL;

    public Acknowledgement {
        Objects.requireNonNull(circuitId, "circuitId");
        if (encodedSequences.size() % 4 != 0) {
            throw new IllegalArgumentException(
                    "acknowledgement body of " + encodedSequences.size() + " bytes (expected: a multiple of 4)");
        }
        if (receiveBuffer < 0 || receiveBuffer > UNKNOWN_BUFFER) {
            throw new IllegalArgumentException("receive buffer: " + receiveBuffer + " (expected: unsigned 32 bits)");
        }
    }

    /** An acknowledgement of these sequences. */
    public static Acknowledgement of(
            CircuitId circuitId, int flags, long receiveBuffer, int rttStamp, int... sequences) {
        ByteBuffer out = ByteBuffer.allocate(4 * sequences.length);
        for (int sequence : sequences) {
            out.putInt(sequence);
        }
        return new Acknowledgement(circuitId, flags, receiveBuffer, rttStamp, ByteString.fromArrayUnsafe(out.array()));
    }

    /**
     * Reads a message of type 1101.
     *
     * @throws IllegalArgumentException when it is none, has no circuit id, or a body that is not a list of numbers
     */
    public static Acknowledgement from(Message message) {
        if (message.contentType() != XgressContentType.ACKNOWLEDGEMENT) {
            throw new IllegalArgumentException(
                    "content type: " + message.contentType() + " (expected: 1101, acknowledgement)");
        }
        Headers headers = message.headers();
        return new Acknowledgement(
                CircuitId.of(message)
                        .orElseThrow(() -> new IllegalArgumentException("acknowledgement without a circuit id (2256)")),
                headers.int32(XgressHeader.FLAGS).orElse(0),
                Integer.toUnsignedLong(
                        headers.int32(XgressHeader.RECEIVE_BUFFER).orElse(-1)),
                headers.uint16(XgressHeader.RTT_STAMP).orElse(0),
                message.body());
    }

    public Message toMessage() {
        Headers.Builder headers = Headers.builder().string(XgressHeader.CIRCUIT_ID, circuitId.value());
        if (flags != 0) {
            headers.int32(XgressHeader.FLAGS, flags);
        }
        headers.int32(XgressHeader.RECEIVE_BUFFER, (int) receiveBuffer);
        headers.uint16(XgressHeader.RTT_STAMP, rttStamp);
        return Message.of(XgressContentType.ACKNOWLEDGEMENT, headers.build(), encodedSequences);
    }

    /** How many sequences it acknowledges. */
    public int count() {
        return encodedSequences.size() / 4;
    }

    /** The acknowledged sequences, decoded. */
    public int[] sequences() {
        int[] out = new int[count()];
        encodedSequences.asByteBuffer().asIntBuffer().get(out);
        return out;
    }

    @Override
    public String toString() {
        return "Acknowledgement[" + circuitId + ", " + count() + " sequences, buffer " + receiveBuffer + "]";
    }
}
