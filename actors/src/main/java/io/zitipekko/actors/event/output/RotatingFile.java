package io.zitipekko.actors.event.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines in a file that is put aside when it has grown: {@code audit.log} becomes {@code audit-2026-01-02T03-04-05.678.log}. After a failure
 * the next line tries to open the file anew.
 */
final class RotatingFile implements EventLines {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    private final Path path;
    private final long maxBytes;
    private final int maxBackups;
    private final InstantSource clock;
    private @Nullable OutputStream out;
    private long size;

    /** @throws IOException when it cannot be opened */
    RotatingFile(EventOutputSettings.LogFile settings, InstantSource clock) throws IOException {
        this.path = settings.path();
        this.maxBytes = settings.maxBytes();
        this.maxBackups = settings.maxBackups();
        this.clock = clock;
        this.out = open();
    }

    private OutputStream open() throws IOException {
        OutputStream opened = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = Files.size(path);
        return opened;
    }

    @Override
    public void write(byte[] line) throws IOException {
        try {
            if (size > 0 && size + line.length + 1 > maxBytes) {
                rotate();
            }
            if (out == null) {
                out = open();
            }
            byte[] whole = new byte[line.length + 1];
            System.arraycopy(line, 0, whole, 0, line.length);
            whole[line.length] = '\n';
            out.write(whole);
            size += whole.length;
        } catch (IOException e) {
            closeQuietly(e);
            throw e;
        }
    }

    private void rotate() throws IOException {
        close();
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = (dot <= 0 ? name : name.substring(0, dot)) + "-";
        String extension = dot <= 0 ? "" : name.substring(dot);
        Path aside = path.resolveSibling(stem + TIME.format(clock.instant()) + extension);
        for (int i = 1; Files.exists(aside); i++) {
            aside = path.resolveSibling(stem + TIME.format(clock.instant()) + "-" + i + extension);
        }
        Files.move(path, aside);
        if (maxBackups > 0) {
            dropOldest(stem, extension);
        }
        out = open();
    }

    /** The time in a name orders them. */
    private void dropOldest(String stem, String extension) throws IOException {
        List<Path> backups = new ArrayList<>();
        Path folder = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> {
            String name = file.getFileName().toString();
            return name.startsWith(stem)
                    && name.endsWith(extension)
                    && name.substring(stem.length()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}.*");
        })) {
            files.forEach(backups::add);
        }
        backups.sort(Comparator.comparing(file -> file.getFileName().toString()));
        for (Path old : backups.subList(0, Math.max(0, backups.size() - maxBackups))) {
            Files.deleteIfExists(old);
        }
    }

    private void closeQuietly(IOException cause) {
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        OutputStream closing = out;
        out = null;
        if (closing != null) {
            closing.close();
        }
    }
}
