package io.zitipekko.transport.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.transport.control.proto.CtrlProto;
import io.zitipekko.transport.control.proto.edge.EdgeCtrlProto;
import io.zitipekko.transport.control.proto.metrics.MetricsProto;
import io.zitipekko.transport.edge.proto.EdgeClientProto;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protobuf bodies of all messages of control and edge channels. The first byte chooses the message; the rest is its body: an
 * {@link InvalidProtocolBufferException} or a message that comes back as it was.
 */
class ProtobufFuzzTest {
    private static final List<Message> PROTOTYPES = Stream.of(
                    CtrlProto.getDescriptor(),
                    EdgeCtrlProto.getDescriptor(),
                    EdgeClientProto.getDescriptor(),
                    MetricsProto.getDescriptor())
            .flatMap(ProtobufFuzzTest::messages)
            .toList();

    private static Stream<Message> messages(FileDescriptor file) {
        String folder = file.getOptions().getJavaPackage();
        return file.getMessageTypes().stream().map(type -> {
            try {
                return (Message) Class.forName(folder + "." + type.getName())
                        .getMethod("getDefaultInstance")
                        .invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no class for " + type.getFullName(), e);
            }
        });
    }

    static Stream<byte[]> bodies() {
        return java.util.stream.IntStream.range(0, PROTOTYPES.size())
                .mapToObj(i -> new byte[] {(byte) i, 10, 2, 'r', '1', 18, 0});
    }

    @MethodSource("bodies")
    @FuzzTest
    void bodiesComeBack(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Message prototype = PROTOTYPES.get((bytes[0] & 0xff) % PROTOTYPES.size());
        byte[] body = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
        Bounds.hold(bytes.length, () -> {
            try {
                Message read = prototype.getParserForType().parseFrom(body);
                assertThat(prototype.getParserForType().parseFrom(read.toByteArray()))
                        .isEqualTo(read);
            } catch (InvalidProtocolBufferException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }
}
