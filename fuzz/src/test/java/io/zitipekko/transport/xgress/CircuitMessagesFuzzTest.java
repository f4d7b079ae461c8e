package io.zitipekko.transport.xgress;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.FramingException;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads, acknowledgements and control messages: an {@link IllegalArgumentException} or a value that comes back as it was. */
class CircuitMessagesFuzzTest {
    @MethodSource("io.zitipekko.fuzz.WireVectors#frames")
    @FuzzTest
    void circuitMessagesComeBack(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.ofTotal(16 << 20));
            try {
                decoder.feed(ByteString.fromArray(bytes));
                for (Message message; (message = decoder.next()) != null; ) {
                    read(Message.received(XgressContentType.PAYLOAD, 1, message.headers(), message.body()));
                    read(Message.received(XgressContentType.ACKNOWLEDGEMENT, 1, message.headers(), message.body()));
                    read(Message.received(XgressContentType.CONTROL, 1, message.headers(), message.body()));
                    read(Message.received(XgressContentType.CLOSE, 1, message.headers(), message.body()));
                }
            } catch (FramingException refused) {
                // Another target's business.
            }
        });
    }

    private static void read(Message message) {
        Optional<CircuitId> circuit = CircuitId.of(message);
        try {
            switch (message.contentType()) {
                case XgressContentType.PAYLOAD -> {
                    Payload payload = Payload.from(message);
                    Payload again = Payload.from(payload.toMessage());
                    assertThat(again.circuitId()).isEqualTo(circuit.orElseThrow());
                    assertThat(again.sequence()).isEqualTo(payload.sequence());
                    assertThat(again.flags()).isEqualTo(payload.flags());
                    assertThat(again.rttStamp()).isEqualTo(payload.rttStamp());
                    assertThat(again.payloadHeaders())
                            .hasToString(payload.payloadHeaders().toString());
                    assertThat(again.body()).isEqualTo(payload.body());
                    payload.capabilities();
                    payload.edgeFlags();
                }
                case XgressContentType.ACKNOWLEDGEMENT -> {
                    Acknowledgement acknowledgement = Acknowledgement.from(message);
                    assertThat(Acknowledgement.from(acknowledgement.toMessage()))
                            .isEqualTo(acknowledgement);
                    assertThat(acknowledgement.sequences()).hasSize(acknowledgement.count());
                }
                case XgressContentType.CONTROL -> {
                    CircuitControl control = CircuitControl.from(message);
                    CircuitControl again = CircuitControl.from(control.toMessage());
                    assertThat(again.type()).isEqualTo(control.type());
                    // An id that was no UTF-8 may come back longer than ids may be; that is refused, not this.
                    assertThat(again.circuitId()).isEqualTo(control.circuitId());
                    assertThat(control.afterHop().hopCount()).isLessThanOrEqualTo(Math.max(0, control.hopCount()));
                    control.answer("forwarder", "r1");
                }
                default -> {
                    // Its id is all that a close has.
                }
            }
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
