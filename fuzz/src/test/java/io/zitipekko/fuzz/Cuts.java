package io.zitipekko.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One input that holds several byte strings: two bytes of length before each; a length beyond the end means the rest. */
public final class Cuts {
    private Cuts() {}

    /** @throws IllegalArgumentException when a part is longer than 65,535 bytes */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (part.length > 0xffff) {
                throw new IllegalArgumentException("a part of " + part.length + " bytes (expected: at most 65535)");
            }
            out.write(part.length >> 8);
            out.write(part.length);
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Any bytes are some parts. */
    public static List<byte[]> apart(byte[] joined) {
        List<byte[]> parts = new ArrayList<>();
        int at = 0;
        while (at + 2 <= joined.length) {
            int length = Byte.toUnsignedInt(joined[at]) << 8 | Byte.toUnsignedInt(joined[at + 1]);
            int from = at + 2;
            int to = Math.min(joined.length, from + length);
            parts.add(Arrays.copyOfRange(joined, from, to));
            at = to;
        }
        return parts;
    }
}
