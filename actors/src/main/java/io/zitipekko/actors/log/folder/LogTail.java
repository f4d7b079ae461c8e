package io.zitipekko.actors.log.folder;

import io.zitipekko.actors.log.ModelLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the end of the log segment that was being written when the process ended. Records stand one after the other, each as its length
 * (variable, 1 to 5 bytes), its bytes and a CRC-32C (4 bytes) over both; zeros follow the last one. A write that was cut off leaves a last
 * record that is visibly not whole; it was never acknowledged, for an acknowledgement follows the sync of the whole record. Such a record
 * is removed, saying so. Anything else that does not match was whole once and may have been acknowledged: then nothing is touched and the
 * start is refused. Why: docs/decisions/0003-model-log.md.
 */
public final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    /** Disks write whole sectors; a cut-off write leaves at least one of them as it was before: zeros. */
    private static final int SECTOR = 512;
    /** How the term, the first field of an entry, is tagged. */
    private static final byte TERM_TAG = 0x08;

    private LogTail() {}

    /** @throws ModelLogException when the end of the log is damaged in a way that a cut-off write does not explain */
    public static void repair(Path segments) {
        if (!Files.isDirectory(segments)) {
            return;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(segments, "log_inprogress_*")) {
            for (Path segment : open) {
                repairSegment(segment);
            }
        } catch (IOException e) {
            throw new ModelLogException("model log '" + segments + "' cannot be read (" + e + "): see to the disk", e);
        }
    }

    private static void repairSegment(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int at = HEADER_BYTES;
        while (at < bytes.length && bytes[at] != 0) {
            int end = endOfRecord(bytes, at);
            if (end < 0) {
                removeTail(segment, bytes, at);
                return;
            }
            at = end;
        }
        // At a zero the segment should have ended. What else stands there was written, but its beginning never arrived.
        if (at < bytes.length && !zeros(bytes, at, bytes.length)) {
            removeTail(segment, bytes, at);
        }
    }

    /** Where the record that begins at {@code at} ends, or -1 when it is not whole. */
    private static int endOfRecord(byte[] bytes, int at) {
        long length = 0;
        int position = at;
        for (int shift = 0; ; shift += 7) {
            if (position >= bytes.length || shift > 28) {
                return -1;
            }
            byte part = bytes[position++];
            length |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                break;
            }
        }
        long end = position + length + CHECKSUM_BYTES;
        if (end > bytes.length) {
            return -1;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, at, (int) (position + length - at));
        int stored = ByteBuffer.wrap(bytes, (int) (position + length), CHECKSUM_BYTES)
                .getInt();
        return (int) checksum.getValue() == stored ? (int) end : -1;
    }

    private static void removeTail(Path segment, byte[] bytes, int at) throws IOException {
        if (!cutOff(bytes, at)) {
            throw new ModelLogException("model log '" + segment + "' is damaged at byte " + at
                    + ": what stands there was written whole, so it may have been acknowledged. Nothing was changed. Restore the folder"
                    + " from a backup, or, in a cluster, empty it and let this controller join again");
        }
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(at);
            channel.force(true);
        }
        LOG.warn(
                "model log '{}': the last write was cut off when this node was killed; removed its {} bytes from byte {} on. It was never"
                        + " acknowledged, nothing that was acknowledged is lost.",
                segment,
                lastWritten(bytes) - at,
                at);
    }

    /**
     * Whether the record at {@code at} is the last one and never was whole: it runs beyond the file, or stops early, or a sector of it
     * never arrived.
     */
    private static boolean cutOff(byte[] bytes, int at) {
        int written = lastWritten(bytes);
        int claimed = claimedEnd(bytes, at);
        if (bytes[at] == 0 || wholeRecordBehind(bytes, at, written)) {
            return false;
        }
        if (claimed < 0 || claimed > bytes.length || written < claimed - CHECKSUM_BYTES) {
            return true;
        }
        return written <= claimed && hasEmptySector(bytes, at, claimed);
    }

    private static boolean hasEmptySector(byte[] bytes, int from, int to) {
        for (int sector = (from + SECTOR - 1) / SECTOR * SECTOR; sector + SECTOR <= to; sector += SECTOR) {
            if (zeros(bytes, sector, sector + SECTOR)) {
                return true;
            }
        }
        return false;
    }

    /** A whole record behind a broken one: then the broken one was whole once, and only its bytes went bad. */
    private static boolean wholeRecordBehind(byte[] bytes, int at, int written) {
        for (int from = at + 1; from < written; from++) {
            int payload = from;
            while (payload < written && bytes[payload] < 0 && payload - from < 4) {
                payload++;
            }
            payload++;
            // Every entry begins with its term: that spares a checksum at nearly every place that holds no entry.
            if (payload < written && bytes[from] != 0 && bytes[payload] == TERM_TAG && endOfRecord(bytes, from) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Where the record would end by its own length; -1 when even that is not whole. */
    private static int claimedEnd(byte[] bytes, int at) {
        long length = 0;
        int position = at;
        for (int shift = 0; ; shift += 7) {
            if (position >= bytes.length || shift > 28) {
                return -1;
            }
            byte part = bytes[position++];
            length |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return (int) Math.min(Integer.MAX_VALUE, position + length + CHECKSUM_BYTES);
            }
        }
    }

    private static int lastWritten(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static boolean zeros(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
