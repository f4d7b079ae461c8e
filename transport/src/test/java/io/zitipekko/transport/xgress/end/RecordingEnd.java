package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** One end whose ports write down what they hear. */
final class RecordingEnd implements CircuitEnd.Fabric, CircuitEnd.Local {
    static final CircuitId CIRCUIT = new CircuitId("circuit1");

    final List<Message> sent = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    final CircuitEnd end;
    Predicate<Message> room = message -> true;

    @Nullable
    CircuitClosed closed;

    RecordingEnd(CircuitEnd.Side side, CircuitTimer time) {
        this(side, time, XgressOptions.DEFAULTS, 0);
    }

    RecordingEnd(CircuitEnd.Side side, CircuitTimer time, XgressOptions options, int firstSequence) {
        this.end = new CircuitEnd(
                new CircuitEnd.Spec(CIRCUIT, side, options, "xgress/test"), this, this, time, firstSequence);
    }

    @Override
    public boolean offer(Message message) {
        if (!room.test(message)) {
            return false;
        }
        sent.add(message);
        return true;
    }

    @Override
    public void onClosed(CircuitClosed how) {
        if (closed != null) {
            throw new AssertionError("told twice");
        }
        closed = how;
    }

    @Override
    public void onReadable() {
        heard.add("readable");
    }

    @Override
    public void onWritable() {
        heard.add("writable");
    }

    @Override
    public void onPeerStopped() {
        heard.add("stopped");
    }

    List<Payload> payloads() {
        return sent.stream()
                .filter(m -> m.contentType() == XgressContentType.PAYLOAD)
                .map(Payload::from)
                .toList();
    }

    List<Acknowledgement> acks() {
        return sent.stream()
                .filter(m -> m.contentType() == XgressContentType.ACKNOWLEDGEMENT)
                .map(Acknowledgement::from)
                .toList();
    }

    Payload lastPayload() {
        List<Payload> all = payloads();
        return all.get(all.size() - 1);
    }

    List<Delivery> pollAll() {
        List<Delivery> all = new ArrayList<>();
        Delivery next;
        while ((next = end.poll()) != null) {
            all.add(next);
        }
        return all;
    }

    String pollText() {
        StringBuilder text = new StringBuilder();
        for (Delivery delivery : pollAll()) {
            if (delivery instanceof Delivery.Data data) {
                text.append(data.payload().body().utf8String());
            } else if (delivery instanceof Delivery.Finished) {
                text.append('|');
            } else {
                text.append('#');
            }
        }
        return text.toString();
    }

    static ByteString text(String text) {
        return ByteString.fromString(text);
    }
}
