package io.zitipekko.transport.channel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Header values that hold several things: a count, then each with its length (protocol/01 section 5). An empty collection is an
 * empty value. Both ways the bounds hold that every peer enforces.
 */
final class CollectionValue {
    private CollectionValue() {}

    static List<String> strings(byte[] value) {
        ByteBuffer in = le(value);
        int count = count(in);
        List<String> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(text(in));
        }
        return out;
    }

    static Map<Integer, byte[]> byteMap(byte[] value) {
        ByteBuffer in = le(value);
        int count = count(in);
        Map<Integer, byte[]> out = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int key = int32(in);
            out.put(key, entry(in));
        }
        return out;
    }

    static Map<String, String> stringMap(byte[] value) {
        ByteBuffer in = le(value);
        int count = count(in);
        Map<String, String> out = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = text(in);
            out.put(key, text(in));
        }
        return out;
    }

    static byte[] of(List<String> items) {
        Sink out = new Sink(items.size());
        items.forEach(out::text);
        return out.toBytes();
    }

    static byte[] ofBytes(Map<Integer, byte[]> entries) {
        Sink out = new Sink(entries.size());
        entries.forEach((key, value) -> {
            out.int32(key);
            out.entry(value);
        });
        return out.toBytes();
    }

    static byte[] ofStrings(Map<String, String> entries) {
        Sink out = new Sink(entries.size());
        entries.forEach((key, value) -> {
            out.text(key);
            out.text(value);
        });
        return out.toBytes();
    }

    private static ByteBuffer le(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int int32(ByteBuffer in) {
        if (in.remaining() < 4) {
            throw new IllegalArgumentException("header value ends inside a number");
        }
        return in.getInt();
    }

    private static int count(ByteBuffer in) {
        int count = in.hasRemaining() ? int32(in) : 0;
        if (count < 0 || count > Headers.MAX_COLLECTION) {
            throw new IllegalArgumentException("header collection of " + Integer.toUnsignedString(count)
                    + " entries (expected: at most " + Headers.MAX_COLLECTION + ")");
        }
        return count;
    }

    private static byte[] entry(ByteBuffer in) {
        int length = int32(in);
        if (length < 0 || length > Headers.MAX_COLLECTION_ENTRY || length > in.remaining()) {
            throw new IllegalArgumentException("header collection entry of " + Integer.toUnsignedString(length)
                    + " bytes (expected: at most " + Math.min(Headers.MAX_COLLECTION_ENTRY, in.remaining()) + ")");
        }
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }

    private static String text(ByteBuffer in) {
        return new String(entry(in), StandardCharsets.UTF_8);
    }

    private static final class Sink {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Sink(int count) {
            if (count > Headers.MAX_COLLECTION) {
                throw new IllegalArgumentException("header collection of " + count + " entries (expected: at most "
                        + Headers.MAX_COLLECTION + ")");
            }
            if (count > 0) {
                int32(count);
            }
        }

        void int32(int v) {
            out.write(v);
            out.write(v >>> 8);
            out.write(v >>> 16);
            out.write(v >>> 24);
        }

        void entry(byte[] v) {
            if (v.length > Headers.MAX_COLLECTION_ENTRY) {
                throw new IllegalArgumentException("header collection entry of " + v.length
                        + " bytes (expected: at most " + Headers.MAX_COLLECTION_ENTRY + ")");
            }
            int32(v.length);
            out.writeBytes(v);
        }

        void text(String text) {
            entry(text.getBytes(StandardCharsets.UTF_8));
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }
}
