package io.zitipekko.actors.log.entry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.writer.BuiltIns;
import io.zitipekko.fuzz.Bounds;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stored log entries, proposals and snapshots: an {@link IOException}, or what was read is what is written again. Snapshots get a
 * right checksum, so that what is behind it is tried, too.
 */
class StoredLogFuzzTest {
    private static final FileSystem MEMORY = Jimfs.newFileSystem(Configuration.unix());

    /** Small, or most of the time would go into copying them. */
    private static final List<Change> FEW =
            BuiltIns.proposal().changes().stream().limit(2).toList();

    static Stream<byte[]> stored() throws IOException {
        byte[] set =
                new DecidedChanges(new CallId(1, 2), new Proposal.Author("identity", "admin", "Admin"), FEW).encoded();
        Replica replica = new Replica((call, commit) -> {}, () -> {});
        byte[] entry = LogEntry.encode(0, "line", List.of(set));
        replica.apply(LogEntry.decode(entry));
        Path file = MEMORY.getPath("/seed");
        SnapshotFile.write(replica.image(), file);
        byte[] snapshot = Files.readAllBytes(file);
        return Stream.of(
                entry,
                ModelCodec.encodeProposal(new Proposal(FEW, Proposal.Author.CONTROLLER)),
                LogEntry.encode(7, "", List.of(set.clone(), new byte[] {(byte) 0xbf, (byte) 0xff})),
                Arrays.copyOf(snapshot, snapshot.length - Long.BYTES));
    }

    @MethodSource("stored")
    @FuzzTest
    void whatWasStoredComesBackOrIsRefused(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            try {
                byte[] once = encoded(LogEntry.decode(bytes));
                assertThat(Arrays.equals(encoded(LogEntry.decode(once)), once))
                        .as("written as it was read")
                        .isTrue();
            } catch (IOException refused) {
                continueWith(refused);
            }
            try {
                byte[] once = ModelCodec.encodeProposal(ModelCodec.decodeProposal(bytes));
                byte[] twice = ModelCodec.encodeProposal(ModelCodec.decodeProposal(once));
                assertThat(Arrays.equals(twice, once))
                        .as("written as it was read")
                        .isTrue();
            } catch (IOException refused) {
                continueWith(refused);
            }
            snapshot(bytes);
        });
    }

    /** That it is an {@link IOException} is all that is promised. */
    private static void continueWith(IOException refused) {
        assertThat(refused).isNotNull();
    }

    private static byte[] encoded(LogEntry entry) {
        return LogEntry.encode(
                entry.baseIndex(),
                entry.timelineId(),
                entry.sets().stream().map(DecidedChanges::encoded).toList());
    }

    private static void snapshot(byte[] content) {
        Path file = MEMORY.getPath("/snapshot");
        try {
            Files.write(file, withChecksum(content));
            Replica.Image image = SnapshotFile.read(file);
            SnapshotFile.write(image, file);
            assertThat(SnapshotFile.read(file).calls()).isEqualTo(image.calls());
        } catch (IOException refused) {
            continueWith(refused);
        }
    }

    private static byte[] withChecksum(byte[] content) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(content);
            out.writeLong(checksum.getValue());
        }
        return bytes.toByteArray();
    }
}
