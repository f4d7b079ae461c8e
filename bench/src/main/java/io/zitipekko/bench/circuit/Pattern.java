package io.zitipekko.bench.circuit;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.apache.pekko.util.ByteString;

/** The bytes that are moved: the same on both sides, not compressible, made once. */
final class Pattern {
    static final int BLOCK = 64 << 10;
    private static final int BLOCKS = 16;
    private static final ByteString[] PATTERN = make();
    private static final Map<Long, Long> CHECKSUMS = new ConcurrentHashMap<>();

    private Pattern() {}

    private static ByteString[] make() {
        Random random = new Random(20_261_122);
        ByteString[] blocks = new ByteString[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            byte[] block = new byte[BLOCK];
            random.nextBytes(block);
            blocks[i] = ByteString.fromArrayUnsafe(block);
        }
        return blocks;
    }

    /** The block that begins at {@code offset}, a multiple of {@link #BLOCK}, of a stream of {@code total} bytes. */
    static ByteString at(long offset, long total) {
        ByteString block = PATTERN[(int) (offset / BLOCK % BLOCKS)];
        long left = total - offset;
        return left >= BLOCK ? block : block.take((int) left);
    }

    /** CRC-32C of the first {@code total} bytes. */
    static long checksum(long total) {
        return CHECKSUMS.computeIfAbsent(total, n -> {
            CRC32C crc = new CRC32C();
            for (long offset = 0; offset < n; offset += BLOCK) {
                update(crc, at(offset, n));
            }
            return crc.getValue();
        });
    }

    static void update(CRC32C crc, ByteString bytes) {
        bytes.getByteBuffers().forEach(crc::update);
    }
}
