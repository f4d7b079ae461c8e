package io.zitipekko.bench.circuit;

import java.util.Locale;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What the host does with a circuit; the dialer says so when it dials.
 *
 * @param bytes how many to take or to send; 0 for an echo
 */
public record CircuitTask(Kind kind, long bytes) {
    public enum Kind {
        /** The host takes bytes and sends a receipt. */
        UP,
        /** The host sends bytes once the first byte has come. */
        DOWN,
        ECHO,
        /** The host never reads. */
        STALL
    }

    public static final CircuitTask ECHO = new CircuitTask(Kind.ECHO, 0);

    public static CircuitTask parse(ByteString appData) {
        String[] words = appData.utf8String().split(" ");
        return words.length == 2
                ? new CircuitTask(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Long.parseLong(words[1]))
                : ECHO;
    }

    public ByteString appData() {
        return ByteString.fromString(kind.name().toLowerCase(Locale.ROOT) + " " + bytes);
    }

    /** What the host connects the circuit with. */
    public Flow<ByteString, ByteString, NotUsed> hostFlow() {
        return switch (kind) {
            case UP -> Flow.fromGraph(new Receive(bytes));
            case DOWN -> Flow.fromGraph(new Supply(bytes));
            case ECHO -> Flow.create();
            case STALL -> Flow.fromSinkAndSourceCoupled(Sink.queue(), Source.maybe());
        };
    }
}
