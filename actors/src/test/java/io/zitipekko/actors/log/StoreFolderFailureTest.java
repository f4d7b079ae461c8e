package io.zitipekko.actors.log;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.type.Services;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFolderFailureTest {
    @TempDir
    Path folder;

    private TestControllers controllers;

    @BeforeEach
    void open() {
        controllers = new TestControllers(folder);
    }

    @AfterEach
    void close() {
        controllers.close();
    }

    private static void assertOneClearLine(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable start, String... parts) {
        assertThatThrownBy(start)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(ModelLogException.class)
                .satisfies(
                        fault -> assertThat(fault.getMessage()).contains(parts).doesNotContain("\n"));
    }

    private void assertStartFails(ModelLogSettings settings, String... parts) {
        ActorSystem<Void> system = TestControllers.newSystem(0);
        try {
            assertOneClearLine(
                    () -> TestControllers.await(
                            ReplicatedModel.start(system, settings).toCompletableFuture()),
                    parts);
        } finally {
            system.terminate();
        }
    }

    @Test
    void refusesTheFolderOfAnotherNetwork() {
        controllers.startAlone("n1");
        controllers.stop("n1");
        UUID other = UUID.randomUUID();

        assertStartFails(
                ModelLogSettings.alone(controllers.dataDir("n1"), "n1", other), "belongs to network", other.toString());
    }

    @Test
    void refusesTheFolderOfAnotherNode() {
        controllers.startAlone("n1");
        controllers.stop("n1");

        assertStartFails(
                ModelLogSettings.alone(controllers.dataDir("n1"), "n2", TestControllers.GROUP), "belongs to node 'n1'");
    }

    @Test
    void refusesAFolderInUse() {
        controllers.startAlone("n1");

        assertStartFails(
                ModelLogSettings.alone(controllers.dataDir("n1"), "n1", TestControllers.GROUP), "in use by another");
    }

    @Test
    void refusesAPathWhereNoFolderCanBe() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");

        assertStartFails(
                ModelLogSettings.alone(file, "n1", TestControllers.GROUP), file.toString(), "choose another path");
        assertStartFails(
                ModelLogSettings.alone(file.resolve("below"), "n1", TestControllers.GROUP), "choose another path");
    }

    @Test
    void removesAWriteThatWasCutOffAndKeepsWhatWasAcknowledged() throws IOException {
        ModelView before = filled();
        Path segment = openSegment();
        byte[] record = lastRecord(segment);
        // A record like the last one, of which only the first half reached the disk.
        append(segment, record, record.length / 2);

        ReplicatedModel second = controllers.startAlone("n1");

        assertThat(second.view().index()).isEqualTo(before.index());
        assertThat(second.view().count(Services.TYPE)).isEqualTo(5);
    }

    @Test
    void refusesALogWhoseAcknowledgedEndWentBad() throws IOException {
        filled();
        Path segment = openSegment();
        byte[] bytes = Files.readAllBytes(segment);
        int at = lastWritten(bytes) - 20;
        overwrite(segment, at, (byte) (bytes[at] ^ 0x55));
        byte[] damaged = Files.readAllBytes(segment);

        assertOneClearLine(() -> controllers.startAlone("n1"), "is damaged at byte", "backup");
        assertThat(Files.readAllBytes(segment)).as("nothing was changed").isEqualTo(damaged);
    }

    @Test
    void refusesALogThatWentBadInTheMiddle() throws IOException {
        filled();
        Path segment = openSegment();
        overwrite(segment, 9, (byte) 0xff);

        assertOneClearLine(() -> controllers.startAlone("n1"), "is damaged at byte");
    }

    private ModelView filled() {
        ReplicatedModel model = controllers.startAlone("n1");
        for (int i = 0; i < 5; i++) {
            TestControllers.await(model.propose(proposal(put(service("s" + i)))).toCompletableFuture());
        }
        ModelView view = model.view();
        controllers.stop("n1");
        return view;
    }

    private Path openSegment() throws IOException {
        try (Stream<Path> files = Files.walk(controllers.dataDir("n1"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static int lastWritten(byte[] bytes) {
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** Length (two bytes here), entry, checksum. */
    private static byte[] lastRecord(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int at = 8;
        int end = at;
        while (end < bytes.length && bytes[end] != 0) {
            at = end == 8 ? 8 : end;
            int shift = 0;
            int length = 0;
            do {
                length |= (bytes[end] & 0x7f) << shift;
                shift += 7;
            } while (bytes[end++] < 0);
            end += length + 4;
        }
        return java.util.Arrays.copyOfRange(bytes, at, end);
    }

    private static void append(Path segment, byte[] record, int length) throws IOException {
        int end = lastWritten(Files.readAllBytes(segment));
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            // Behind what is written, with the zeros of an allocated file behind it.
            file.seek(Math.max(end, 8));
            file.write(record, 0, length);
            file.setLength(Math.max(file.length(), end + 8192L));
        }
    }

    private static void overwrite(Path segment, int at, byte value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(at);
            file.write(value);
        }
    }
}
