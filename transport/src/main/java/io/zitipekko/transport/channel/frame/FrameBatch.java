package io.zitipekko.transport.channel.frame;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Frames that go out in one write. Everything small is copied into one array of exactly the size needed; a body of
 * {@value #SLICED_FROM} bytes or more goes out as it is. Reused by its owner; not thread-safe.
 */
public final class FrameBatch {
    /** Enough for one write: what is added when this is reached waits for the next. */
    public static final int TARGET = 64 * 1024;

    static final int SLICED_FROM = 4096;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private @Nullable Message[] messages = new Message[16];
    private int[] sequences = new int[16];
    private int count;
    private long bytes;
    private int copied;
    private boolean sliced;
    /** Headers that the channel itself adds, and to which message. */
    private @Nullable Headers extra;

    private int extraIndex;

    /**
     * @param added headers to add to the message's own; at most one message of a batch has some
     */
    public void add(Message message, int sequence, @Nullable Headers added) {
        if (count == sequences.length) {
            messages = Arrays.copyOf(messages, count * 2);
            sequences = Arrays.copyOf(sequences, count * 2);
        }
        int body = message.body().size();
        int head = MessageFraming.PREFIX + message.headers().encodedLength();
        if (added != null) {
            if (extra != null) {
                throw new IllegalStateException("a second message with added headers in one batch");
            }
            extra = added;
            extraIndex = count;
            head += added.encodedLength();
        }
        messages[count] = message;
        sequences[count++] = sequence;
        bytes += (long) head + body;
        copied += head;
        if (body < SLICED_FROM) {
            copied += body;
        } else {
            sliced = true;
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether there is room below {@link #TARGET}. */
    public boolean hasRoom() {
        return bytes < TARGET;
    }

    /** The frames in the order added; the batch is empty afterwards. */
    public ByteString take() {
        byte[] out = new byte[copied];
        ByteStringBuilder rope = sliced ? ByteString.createBuilder() : null;
        int at = 0;
        int taken = 0;
        for (int i = 0; i < count; i++) {
            Message message = messages[i];
            Headers added = extra != null && extraIndex == i ? extra : Headers.EMPTY;
            at = writeHead(message, sequences[i], added, out, at);
            ByteString body = message.body();
            if (rope != null && body.size() >= SLICED_FROM) {
                rope.append(ByteString.fromArrayUnsafe(out, taken, at - taken));
                rope.append(body);
                taken = at;
            } else if (!body.isEmpty()) {
                body.copyToArray(out, at, body.size());
                at += body.size();
            }
            messages[i] = null;
        }
        count = 0;
        bytes = 0;
        copied = 0;
        sliced = false;
        extra = null;
        if (rope == null) {
            return ByteString.fromArrayUnsafe(out);
        }
        if (at > taken) {
            rope.append(ByteString.fromArrayUnsafe(out, taken, at - taken));
        }
        return rope.result();
    }

    private static int writeHead(Message message, int sequence, Headers added, byte[] out, int at) {
        Headers headers = message.headers();
        INT.set(out, at, MessageFraming.MARKER);
        INT.set(out, at + 4, message.contentType());
        INT.set(out, at + 8, sequence);
        INT.set(out, at + 12, headers.encodedLength() + added.encodedLength());
        INT.set(out, at + 16, message.body().size());
        return added.writeTo(out, headers.writeTo(out, at + MessageFraming.PREFIX));
    }
}
