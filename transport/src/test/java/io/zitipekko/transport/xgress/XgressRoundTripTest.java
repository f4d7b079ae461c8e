package io.zitipekko.transport.xgress;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.FramingException;
import io.zitipekko.transport.channel.frame.MessageFraming;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

/** Payloads, acknowledgements and control messages come back from their frames as they were. */
class XgressRoundTripTest {
    @Provide
    Arbitrary<CircuitId> circuits() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(128)
                .map(CircuitId::new);
    }

    @Provide
    Arbitrary<Headers> endToEnd() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(XgressHeader.PAYLOAD_FIRST, XgressHeader.PAYLOAD_FIRST + 200),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(30))
                .ofMaxSize(8)
                .map(entries -> {
                    Headers.Builder headers = Headers.builder();
                    entries.forEach((id, value) -> {
                        if (XgressHeader.isPayloadHeader(id)) {
                            headers.bytes(id, value);
                        }
                    });
                    return headers.build();
                });
    }

    private static Message overTheWire(Message message) {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.ofTotal(16 << 20));
        decoder.feed(MessageFraming.encode(message, 7));
        try {
            return decoder.next();
        } catch (FramingException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<Integer, ByteString> values(Headers headers) {
        Map<Integer, ByteString> out = new HashMap<>();
        headers.forEach((id, value) -> out.put(id, ByteString.fromArray(value)));
        return out;
    }

    @Property
    void payloads(
            @ForAll("circuits") CircuitId circuit,
            @ForAll int sequence,
            @ForAll int flags,
            @ForAll @IntRange(max = 65535) int stamp,
            @ForAll("endToEnd") Headers headers,
            @ForAll @Size(max = 300) byte[] body) {
        Payload payload = new Payload(circuit, sequence, flags, stamp, headers, ByteString.fromArray(body));

        Payload read = Payload.from(overTheWire(payload.toMessage()));

        assertThat(read.circuitId()).isEqualTo(circuit);
        assertThat(read.sequence()).isEqualTo(sequence);
        assertThat(read.flags()).isEqualTo(flags);
        assertThat(read.rttStamp()).isEqualTo(stamp);
        assertThat(values(read.payloadHeaders())).isEqualTo(values(headers));
        assertThat(read.body()).isEqualTo(payload.body());
    }

    @Property
    void acknowledgements(
            @ForAll("circuits") CircuitId circuit,
            @ForAll int flags,
            @ForAll @LongRange(max = Acknowledgement.UNKNOWN_BUFFER) long buffer,
            @ForAll @IntRange(max = 65535) int stamp,
            @ForAll @Size(max = 64) int[] sequences) {
        Acknowledgement acknowledgement = Acknowledgement.of(circuit, flags, buffer, stamp, sequences);

        Acknowledgement read = Acknowledgement.from(overTheWire(acknowledgement.toMessage()));

        assertThat(read).isEqualTo(acknowledgement);
        assertThat(read.sequences()).isEqualTo(sequences);
    }

    @Property
    void traces(
            @ForAll CircuitControl.Type type,
            @ForAll("circuits") CircuitId circuit,
            @ForAll @IntRange int hops,
            @ForAll long user) {
        CircuitControl control = new CircuitControl(
                type,
                circuit,
                Headers.builder()
                        .int32(XgressHeader.TRACE_HOP_COUNT, hops)
                        .uint64(XgressHeader.TRACE_USER_VALUE, user)
                        .build());

        CircuitControl read = CircuitControl.from(overTheWire(control.toMessage()));

        assertThat(read.type()).isEqualTo(type);
        assertThat(read.circuitId()).isEqualTo(circuit);
        assertThat(values(read.headers())).isEqualTo(values(control.headers()));
    }
}
