package io.zitipekko.actors.log.folder;

import io.zitipekko.actors.log.ModelLogException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.UUID;

/** The file {@code network} of a data folder: which network's log it holds, which node's copy, which history. */
final class NetworkMarker {
    private static final String FILE = "network";

    private final Path folder;
    private final Properties values;

    private NetworkMarker(Path folder, Properties values) {
        this.folder = folder;
        this.values = values;
    }

    /** Reads the marker, or writes it into a folder that has none. @throws ModelLogException when it names others */
    static NetworkMarker check(Path folder, UUID groupId, String nodeId) throws IOException {
        Properties values = new Properties();
        try {
            values.load(new StringReader(Files.readString(folder.resolve(FILE))));
        } catch (NoSuchFileException e) {
            if (Files.exists(folder.resolve("raft"))) {
                throw new ModelLogException(
                        "data folder '" + folder + "' holds a log but no file 'network' that says whose: "
                                + "restore that file, or choose another path");
            }
            values.setProperty("network", groupId.toString());
            values.setProperty("node", nodeId);
            NetworkMarker marker = new NetworkMarker(folder, values);
            marker.write();
            return marker;
        }
        requireSame(folder, "network", values, groupId.toString());
        requireSame(folder, "node", values, nodeId);
        return new NetworkMarker(folder, values);
    }

    private static void requireSame(Path folder, String key, Properties values, String expected) {
        String found = values.getProperty(key, "");
        if (!found.equals(expected)) {
            throw new ModelLogException("data folder '" + folder + "' belongs to " + key + " '" + found + "', not to '"
                    + expected + "': choose the folder of this " + key + ", or an empty one");
        }
    }

    void confirmTimeline(String timelineId) {
        if (values.getProperty("timeline") == null) {
            values.setProperty("timeline", timelineId);
            try {
                write();
            } catch (IOException e) {
                throw new ModelLogException("data folder '" + folder + "' cannot be written: " + e, e);
            }
        }
        requireSame(folder, "timeline", values, timelineId);
    }

    /** Whole or not at all. */
    private void write() throws IOException {
        StringBuilder text = new StringBuilder("# Which network's model this folder holds. Do not edit.\n");
        for (String key : values.stringPropertyNames().stream().sorted().toList()) {
            text.append(key).append('=').append(values.getProperty(key)).append('\n');
        }
        Path unfinished = folder.resolve(FILE + ".unfinished");
        try (FileChannel out = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            out.force(true);
        }
        Files.move(unfinished, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
}
