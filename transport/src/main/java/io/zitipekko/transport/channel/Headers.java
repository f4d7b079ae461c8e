package io.zitipekko.transport.channel;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/**
 * The headers of one message: immutable, few, looked up by number (protocol/01 section 5). A value of the wrong width reads as
 * absent, as every known peer does.
 */
public final class Headers {
    /** Most entries of a slice or a map in one value. */
    public static final int MAX_COLLECTION = 128;
    /** Most bytes of one entry of a slice or a map. */
    public static final int MAX_COLLECTION_ENTRY = 8192;

    public static final Headers EMPTY = new Headers(new int[0], new byte[0][]);

    private final int[] ids;
    private final byte[][] values;

    Headers(int[] ids, byte[][] values) {
        this.ids = ids;
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    public int size() {
        return ids.length;
    }

    public boolean has(int id) {
        return raw(id) != null;
    }

    /** The value's own array (not a copy: do not change it), or {@code null}. */
    byte[] raw(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return values[i];
            }
        }
        return null;
    }

    public Optional<byte[]> bytes(int id) {
        byte[] v = raw(id);
        return v == null ? Optional.empty() : Optional.of(v.clone());
    }

    public Optional<String> string(int id) {
        byte[] v = raw(id);
        return v == null ? Optional.empty() : Optional.of(new String(v, StandardCharsets.UTF_8));
    }

    /** True only if the first byte is exactly 1. */
    public boolean bool(int id) {
        byte[] v = raw(id);
        return v != null && v.length > 0 && v[0] == 1;
    }

    public OptionalInt uint8(int id) {
        byte[] v = raw(id);
        return v == null || v.length == 0 ? OptionalInt.empty() : OptionalInt.of(v[0] & 0xff);
    }

    public OptionalInt uint16(int id) {
        byte[] v = raw(id);
        return v == null || v.length != 2 ? OptionalInt.empty() : OptionalInt.of(le(v).getShort() & 0xffff);
    }

    /** Also for uint32: use {@link Integer#toUnsignedLong}. */
    public OptionalInt int32(int id) {
        byte[] v = raw(id);
        return v == null || v.length != 4 ? OptionalInt.empty() : OptionalInt.of(le(v).getInt());
    }

    public OptionalLong uint64(int id) {
        byte[] v = raw(id);
        return v == null || v.length != 8 ? OptionalLong.empty() : OptionalLong.of(le(v).getLong());
    }

    /** A string slice; empty when absent. @throws IllegalArgumentException when malformed or over a bound */
    public List<String> strings(int id) {
        byte[] v = raw(id);
        if (v == null || v.length == 0) {
            return List.of();
        }
        ByteBuffer in = le(v);
        int count = count(in);
        List<String> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(new String(entry(in), StandardCharsets.UTF_8));
        }
        return out;
    }

    /** A map uint32 to bytes; empty when absent. @throws IllegalArgumentException when malformed or over a bound */
    public Map<Integer, byte[]> byteMap(int id) {
        byte[] v = raw(id);
        if (v == null || v.length == 0) {
            return Map.of();
        }
        ByteBuffer in = le(v);
        int count = count(in);
        Map<Integer, byte[]> out = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int key = int32(in);
            out.put(key, entry(in));
        }
        return out;
    }

    /** A map string to string; empty when absent. @throws IllegalArgumentException when malformed or over a bound */
    public Map<String, String> stringMap(int id) {
        byte[] v = raw(id);
        if (v == null || v.length == 0) {
            return Map.of();
        }
        ByteBuffer in = le(v);
        int count = count(in);
        Map<String, String> out = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = new String(entry(in), StandardCharsets.UTF_8);
            out.put(key, new String(entry(in), StandardCharsets.UTF_8));
        }
        return out;
    }

    /** A capability mask: unsigned big-endian; zero when absent. Bit n is {@code testBit(n)}, a negative capability -k bit 64-k. */
    public BigInteger mask(int id) {
        byte[] v = raw(id);
        return v == null ? BigInteger.ZERO : new BigInteger(1, v);
    }

    public void forEach(BiConsumer<Integer, byte[]> action) {
        for (int i = 0; i < ids.length; i++) {
            action.accept(ids[i], values[i]);
        }
    }

    int idAt(int i) {
        return ids[i];
    }

    byte[] valueAt(int i) {
        return values[i];
    }

    /** Bytes that these headers take in a frame. */
    int encodedLength() {
        int n = 8 * ids.length;
        for (byte[] v : values) {
            n += v.length;
        }
        return n;
    }

    /** These headers without the entries whose id {@code keep} refuses; this very object when it keeps all. */
    public Headers filtered(IntPredicate keep) {
        int kept = 0;
        for (int id : ids) {
            kept += keep.test(id) ? 1 : 0;
        }
        if (kept == ids.length) {
            return this;
        }
        int[] keptIds = new int[kept];
        byte[][] keptValues = new byte[kept][];
        for (int i = 0, to = 0; i < ids.length; i++) {
            if (keep.test(ids[i])) {
                keptIds[to] = ids[i];
                keptValues[to++] = values[i];
            }
        }
        return kept == 0 ? EMPTY : new Headers(keptIds, keptValues);
    }

    public Builder toBuilder() {
        Builder b = new Builder();
        forEach(b::bytes);
        return b;
    }

    private static ByteBuffer le(byte[] v) {
        return ByteBuffer.wrap(v).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int int32(ByteBuffer in) {
        if (in.remaining() < 4) {
            throw new IllegalArgumentException("header value ends inside a number");
        }
        return in.getInt();
    }

    private static int count(ByteBuffer in) {
        int count = int32(in);
        if (count < 0 || count > MAX_COLLECTION) {
            throw new IllegalArgumentException("header collection of " + Integer.toUnsignedString(count)
                    + " entries (expected: at most " + MAX_COLLECTION + ")");
        }
        return count;
    }

    private static byte[] entry(ByteBuffer in) {
        int length = int32(in);
        if (length < 0 || length > MAX_COLLECTION_ENTRY || length > in.remaining()) {
            throw new IllegalArgumentException("header collection entry of " + Integer.toUnsignedString(length)
                    + " bytes (expected: at most " + Math.min(MAX_COLLECTION_ENTRY, in.remaining()) + ")");
        }
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }

    @Override
    public String toString() {
        // Values may be secrets (session tokens, group secrets): ids and lengths only.
        StringBuilder s = new StringBuilder("Headers[");
        for (int i = 0; i < ids.length; i++) {
            s.append(i == 0 ? "" : ", ")
                    .append(ids[i])
                    .append('(')
                    .append(values[i].length)
                    .append(')');
        }
        return s.append(']').toString();
    }

    /** Collects header entries; a later entry of the same id replaces the earlier one. Not thread-safe. */
    public static final class Builder {
        private int[] ids = new int[8];
        private byte[][] values = new byte[8][];
        private int size;

        private Builder() {}

        public Builder bytes(int id, byte[] value) {
            for (int i = 0; i < size; i++) {
                if (ids[i] == id) {
                    values[i] = value;
                    return this;
                }
            }
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            ids[size] = id;
            values[size++] = value;
            return this;
        }

        public Builder string(int id, String value) {
            return bytes(id, value.getBytes(StandardCharsets.UTF_8));
        }

        public Builder bool(int id, boolean value) {
            return bytes(id, new byte[] {(byte) (value ? 1 : 0)});
        }

        public Builder uint8(int id, int value) {
            return bytes(id, new byte[] {(byte) value});
        }

        public Builder uint16(int id, int value) {
            return bytes(id, new byte[] {(byte) value, (byte) (value >>> 8)});
        }

        public Builder int32(int id, int value) {
            return bytes(
                    id,
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(value)
                            .array());
        }

        public Builder uint64(int id, long value) {
            return bytes(
                    id,
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(value)
                            .array());
        }

        public Builder mask(int id, BigInteger mask) {
            byte[] b = mask.toByteArray();
            return bytes(id, b.length > 1 && b[0] == 0 ? Arrays.copyOfRange(b, 1, b.length) : b);
        }

        /** @throws IllegalArgumentException over a bound that every peer enforces */
        public Builder strings(int id, List<String> items) {
            if (items.isEmpty()) {
                return bytes(id, new byte[0]);
            }
            ByteSink out = new ByteSink(items.size());
            items.forEach(s -> out.entry(s.getBytes(StandardCharsets.UTF_8)));
            return bytes(id, out.toBytes());
        }

        /** @throws IllegalArgumentException over a bound that every peer enforces */
        public Builder byteMap(int id, Map<Integer, byte[]> entries) {
            if (entries.isEmpty()) {
                return bytes(id, new byte[0]);
            }
            ByteSink out = new ByteSink(entries.size());
            entries.forEach((k, v) -> {
                out.int32(k);
                out.entry(v);
            });
            return bytes(id, out.toBytes());
        }

        /** @throws IllegalArgumentException over a bound that every peer enforces */
        public Builder stringMap(int id, Map<String, String> entries) {
            if (entries.isEmpty()) {
                return bytes(id, new byte[0]);
            }
            ByteSink out = new ByteSink(entries.size());
            entries.forEach((k, v) -> {
                out.entry(k.getBytes(StandardCharsets.UTF_8));
                out.entry(v.getBytes(StandardCharsets.UTF_8));
            });
            return bytes(id, out.toBytes());
        }

        public Builder remove(int id) {
            for (int i = 0; i < size; i++) {
                if (ids[i] == id) {
                    System.arraycopy(ids, i + 1, ids, i, size - i - 1);
                    System.arraycopy(values, i + 1, values, i, size - i - 1);
                    size--;
                    return this;
                }
            }
            return this;
        }

        public Builder addAll(Headers other) {
            other.forEach(this::bytes);
            return this;
        }

        public Headers build() {
            return size == 0 ? EMPTY : new Headers(Arrays.copyOf(ids, size), Arrays.copyOf(values, size));
        }
    }

    private static final class ByteSink {
        private final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();

        ByteSink(int count) {
            if (count > MAX_COLLECTION) {
                throw new IllegalArgumentException(
                        "header collection of " + count + " entries (expected: at most " + MAX_COLLECTION + ")");
            }
            int32(count);
        }

        void int32(int v) {
            out.write(v);
            out.write(v >>> 8);
            out.write(v >>> 16);
            out.write(v >>> 24);
        }

        void entry(byte[] v) {
            if (v.length > MAX_COLLECTION_ENTRY) {
                throw new IllegalArgumentException("header collection entry of " + v.length
                        + " bytes (expected: at most " + MAX_COLLECTION_ENTRY + ")");
            }
            int32(v.length);
            out.writeBytes(v);
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }
}
