package io.zitipekko.bench.agent;

import java.util.Locale;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * What the host does with a circuit; the dialer says so when it dials.
 *
 * @param bytes how many to take or to send; 0 for an echo
 */
record CircuitTask(Kind kind, long bytes) {
    enum Kind {
        /** The host takes bytes and sends a receipt. */
        UP,
        /** The host sends bytes once the first byte has come. */
        DOWN,
        ECHO
    }

    static final CircuitTask ECHO = new CircuitTask(Kind.ECHO, 0);

    static CircuitTask parse(ByteString appData) {
        String[] words = appData.utf8String().split(" ");
        return words.length == 2
                ? new CircuitTask(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Long.parseLong(words[1]))
                : ECHO;
    }

    ByteString appData() {
        return ByteString.fromString(kind.name().toLowerCase(Locale.ROOT) + " " + bytes);
    }

    /** What the host connects the circuit with. */
    Flow<ByteString, ByteString, NotUsed> hostFlow() {
        return switch (kind) {
            case UP -> Flow.fromGraph(new Receive(bytes));
            case DOWN -> Flow.fromGraph(new Supply(bytes));
            case ECHO -> Flow.create();
        };
    }
}
