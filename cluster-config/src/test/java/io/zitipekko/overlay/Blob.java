package io.zitipekko.overlay;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Random bytes that are known: the same for the same seed. */
record Blob(long seed, int bytes) {
    private static final int CHUNK = 32 << 10;

    Blob {
        if (bytes % CHUNK != 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: a multiple of " + CHUNK + ")");
        }
    }

    Source<ByteString, NotUsed> source() {
        return Source.lazySource(() -> {
                    Random random = new Random(seed);
                    return Source.range(1, bytes / CHUNK).map(n -> {
                        byte[] chunk = new byte[CHUNK];
                        random.nextBytes(chunk);
                        return ByteString.fromArrayUnsafe(chunk);
                    });
                })
                .mapMaterializedValue(nothing -> NotUsed.getInstance());
    }

    /** SHA-256 of all of it. */
    String digest() {
        Random random = new Random(seed);
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < bytes / CHUNK; i++) {
            random.nextBytes(chunk);
            digest.update(chunk);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Takes all that comes and gives its SHA-256 when no more does. */
    static Flow<ByteString, String, NotUsed> digesting() {
        return Flow.lazyFlow(() -> {
                    MessageDigest digest = sha256();
                    return Flow.<ByteString>create()
                            .fold(digest, (d, part) -> {
                                part.getByteBuffers().forEach(d::update);
                                return d;
                            })
                            .map(d -> HexFormat.of().formatHex(d.digest()));
                })
                .mapMaterializedValue(nothing -> NotUsed.getInstance());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
