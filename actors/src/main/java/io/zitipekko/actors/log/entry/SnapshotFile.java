package io.zitipekko.actors.log.entry;

import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.actors.model.view.ModelState;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * A replica's image as a file: magic text, time line, index, the calls applied lately; then each kind of entity with its name, count and
 * entities (length and CBOR), ended by an empty name; then a CRC-32C over all of it. Written beside its name, synced, and renamed: under
 * its own name it is whole.
 */
public final class SnapshotFile {
    private static final byte[] MAGIC = "ZTPKMDL1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ENTITY = 64 << 20;
    private static final int BUFFER_BYTES = 1 << 18;

    private SnapshotFile() {}

    /** @throws IOException when it cannot be written; then there is no file under that name */
    public static void write(Replica.Image image, Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            CheckedOutputStream checked = new CheckedOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES), new CRC32C());
            DataOutputStream out = new DataOutputStream(checked);
            writeContent(image, out);
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void writeContent(Replica.Image image, DataOutputStream out) throws IOException {
        out.write(MAGIC);
        out.writeUTF(image.state().timelineId());
        out.writeLong(image.state().index());
        out.writeInt(image.calls().size());
        for (CallLedger.Applied applied : image.calls()) {
            out.writeLong(applied.call().origin());
            out.writeLong(applied.call().number());
            out.writeLong(applied.index());
        }
        for (EntityType<?> type : EntityTypes.all()) {
            out.writeUTF(type.name());
            out.writeInt(image.state().count(type));
            for (Entity entity : image.state().all(type)) {
                byte[] bytes = ModelCodec.encodeEntity(entity);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        }
        out.writeUTF("");
    }

    /** @throws IOException when the file is damaged, or of a newer version */
    public static Replica.Image read(Path file) throws IOException {
        checkWhole(file);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException("snapshot " + file + " is of another format or version");
            }
            return readContent(in, file);
        } catch (EOFException e) {
            throw new IOException("snapshot " + file + " is damaged: it ends too early", e);
        }
    }

    /** Nothing in the file is believed before all of it is known to be what was written. */
    private static void checkWhole(Path file) throws IOException {
        long content = Files.size(file) - Long.BYTES;
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            for (long left = content; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    break;
                }
                checksum.update(buffer, 0, read);
                left -= read;
            }
            if (content < MAGIC.length || in.readLong() != checksum.getValue()) {
                throw new IOException("snapshot " + file + " is damaged: its checksum does not match");
            }
        } catch (EOFException e) {
            throw new IOException("snapshot " + file + " is damaged: it ends too early", e);
        }
    }

    private static Replica.Image readContent(DataInputStream in, Path file) throws IOException {
        String timelineId = in.readUTF();
        long index = in.readLong();
        List<CallLedger.Applied> calls = new ArrayList<>();
        int callCount = in.readInt();
        if (callCount < 0 || callCount > CallLedger.KEPT) {
            throw new IOException("snapshot " + file + " is damaged: it lists " + callCount + " calls");
        }
        for (int i = 0; i < callCount; i++) {
            calls.add(new CallLedger.Applied(new CallId(in.readLong(), in.readLong()), in.readLong()));
        }
        List<Change> facts = new ArrayList<>();
        for (String name; !(name = in.readUTF()).isEmpty(); ) {
            EntityType<?> type = ModelCodec.kind(name);
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                facts.add(readFact(type, in, file));
            }
        }
        return new Replica.Image(ModelState.begin(timelineId).restored(index, facts), calls);
    }

    private static <E extends Entity> Change readFact(EntityType<E> type, DataInputStream in, Path file)
            throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_ENTITY) {
            throw new IOException("snapshot " + file + " is damaged: an entity of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("entity of " + type);
        }
        return new Change.Put<>(type, ModelCodec.decodeEntity(type, bytes), null);
    }
}
