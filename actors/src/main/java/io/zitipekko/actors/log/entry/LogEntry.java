package io.zitipekko.actors.log.entry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is appended at once: change sets that follow each other. Stored as one version byte, the base index (8 bytes), the time line
 * (text), the number of sets (4 bytes), and each set as its length (4 bytes) and CBOR.
 *
 * @param baseIndex the model index that the first one follows
 * @param timelineId names the history: set in the first entry of a history, empty in all others
 * @param sets in order
 */
public record LogEntry(long baseIndex, String timelineId, List<DecidedChanges> sets) {
    /** Entries may be this long: members pass them on whole, in one message. */
    public static final int MAX_BYTES = 4 << 20;

    private static final int VERSION = 1;

    public LogEntry {
        sets = List.copyOf(sets);
    }

    /** The stored form of an entry whose sets are stored forms already. */
    public static byte[] encode(long baseIndex, String timelineId, List<byte[]> encodedSets) {
        int size =
                encodedSets.stream().mapToInt(set -> set.length + Integer.BYTES).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size + 64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(baseIndex);
            out.writeUTF(timelineId);
            out.writeInt(encodedSets.size());
            for (byte[] set : encodedSets) {
                out.writeInt(set.length);
                out.write(set);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException for bytes that are no entry, or one of a newer version */
    public static LogEntry decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IOException("log entry of version " + version + " (expected: " + VERSION + ")");
            }
            long baseIndex = in.readLong();
            String timelineId = in.readUTF();
            int count = in.readInt();
            if (count < 0 || (long) count * Integer.BYTES > in.available()) {
                throw new IOException("log entry with " + count + " sets in " + in.available() + " bytes");
            }
            List<DecidedChanges> sets = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    throw new IOException("set of " + length + " bytes (expected: 0 to " + in.available() + ")");
                }
                sets.add(ModelCodec.decodeSet(in.readNBytes(length)));
            }
            return new LogEntry(baseIndex, timelineId, sets);
        }
    }
}
