package io.zitipekko.transport.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one message: immutable, few, looked up by number (protocol/01 section 5). A value of the wrong width reads as
 * absent, as every known peer does.
 */
public final class Headers {
    /** Most entries of a slice or a map in one value. */
    public static final int MAX_COLLECTION = 128;
    /** Most bytes of one entry of a slice or a map. */
    public static final int MAX_COLLECTION_ENTRY = 8192;

    /** Most entries of one message; no peer sends a tenth of it. */
    public static final int MAX_ENTRIES = 1024;

    public static final Headers EMPTY = new Headers(new byte[0], 0, 0);

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRY_PREFIX = 8;
    private static final long HEARTBEAT_IDS = 1L << ChannelHeaders.HEARTBEAT | 1L << ChannelHeaders.HEARTBEAT_RESPONSE;

    /** The entries as they stand in a frame: what is received is never unpacked, what is sent on is copied once. */
    private final byte[] block;

    private final int count;
    /** Bit n: id n is there, for the ids below 64. */
    private final long lowIds;

    private Headers(byte[] block, int count, long lowIds) {
        this.block = block;
        this.count = count;
        this.lowIds = lowIds;
    }

    /**
     * The headers of a frame.
     *
     * @param block the entries back to back; becomes this object's own
     * @throws IllegalArgumentException when a value runs past the end, bytes are left over, or there are too many entries
     */
    public static Headers ofEncoded(byte[] block) {
        if (block.length == 0) {
            return EMPTY;
        }
        int count = 0;
        long lowIds = 0;
        int at = 0;
        while (at < block.length) {
            if (block.length - at < ENTRY_PREFIX) {
                throw new IllegalArgumentException((block.length - at) + " bytes left over after the last header");
            }
            int id = (int) INT.get(block, at);
            long end = at + ENTRY_PREFIX + Integer.toUnsignedLong((int) INT.get(block, at + 4));
            if (end > block.length) {
                throw new IllegalArgumentException(
                        "header " + id + " ends at " + end + ", past the end of the headers at " + block.length);
            }
            if (++count > MAX_ENTRIES) {
                throw new IllegalArgumentException("more than " + MAX_ENTRIES + " headers in a message");
            }
            lowIds |= bit(id);
            at = (int) end;
        }
        return new Headers(block, count, lowIds);
    }

    private static long bit(int id) {
        return id >= 0 && id < Long.SIZE ? 1L << id : 0;
    }

    public static Builder builder() {
        return new Builder();
    }

    public int size() {
        return count;
    }

    public boolean has(int id) {
        return find(id) >= 0;
    }

    /** Where the last entry of that id begins, or -1. */
    private int find(int id) {
        if (id >= 0 && id < Long.SIZE && (lowIds & 1L << id) == 0) {
            return -1;
        }
        int found = -1;
        for (int at = 0; at < block.length; at += ENTRY_PREFIX + lengthAt(at)) {
            if ((int) INT.get(block, at) == id) {
                found = at;
            }
        }
        return found;
    }

    private int lengthAt(int entry) {
        return (int) INT.get(block, entry + 4);
    }

    private byte[] valueAt(int entry) {
        return Arrays.copyOfRange(block, entry + ENTRY_PREFIX, entry + ENTRY_PREFIX + lengthAt(entry));
    }

    private byte @Nullable [] raw(int id) {
        int at = find(id);
        return at < 0 ? null : valueAt(at);
    }

    public Optional<byte[]> bytes(int id) {
        return Optional.ofNullable(raw(id));
    }

    public Optional<String> string(int id) {
        int at = find(id);
        return at < 0
                ? Optional.empty()
                : Optional.of(new String(block, at + ENTRY_PREFIX, lengthAt(at), StandardCharsets.UTF_8));
    }

    /** True only if the first byte is exactly 1. */
    public boolean bool(int id) {
        int at = find(id);
        return at >= 0 && lengthAt(at) > 0 && block[at + ENTRY_PREFIX] == 1;
    }

    public OptionalInt uint8(int id) {
        int at = find(id);
        return at < 0 || lengthAt(at) == 0 ? OptionalInt.empty() : OptionalInt.of(block[at + ENTRY_PREFIX] & 0xff);
    }

    public OptionalInt uint16(int id) {
        int at = find(id);
        return at < 0 || lengthAt(at) != 2
                ? OptionalInt.empty()
                : OptionalInt.of((block[at + ENTRY_PREFIX] & 0xff) | (block[at + ENTRY_PREFIX + 1] & 0xff) << 8);
    }

    /** Also for uint32: use {@link Integer#toUnsignedLong}. */
    public OptionalInt int32(int id) {
        int at = find(id);
        return at < 0 || lengthAt(at) != 4
                ? OptionalInt.empty()
                : OptionalInt.of((int) INT.get(block, at + ENTRY_PREFIX));
    }

    public OptionalLong uint64(int id) {
        int at = find(id);
        return at < 0 || lengthAt(at) != 8
                ? OptionalLong.empty()
                : OptionalLong.of(le(block).getLong(at + ENTRY_PREFIX));
    }

    /** A string slice; empty when absent. @throws IllegalArgumentException when malformed or over a bound */
    public List<String> strings(int id) {
        byte[] value = raw(id);
        return value == null ? List.of() : CollectionValue.strings(value);
    }

    /** A map uint32 to bytes; empty when absent. @throws IllegalArgumentException when malformed or over a bound */
    public Map<Integer, byte[]> byteMap(int id) {
        byte[] value = raw(id);
        return value == null ? Map.of() : CollectionValue.byteMap(value);
    }

    /** A map string to string; empty when absent. @throws IllegalArgumentException when malformed or over a bound */
    public Map<String, String> stringMap(int id) {
        byte[] value = raw(id);
        return value == null ? Map.of() : CollectionValue.stringMap(value);
    }

    /** A capability mask: unsigned big-endian; zero when absent. Bit n is {@code testBit(n)}, a negative capability -k bit 64-k. */
    public BigInteger mask(int id) {
        byte[] v = raw(id);
        return v == null ? BigInteger.ZERO : new BigInteger(1, v);
    }

    /** Every entry in the order of the frame; each value is a copy. */
    public void forEach(BiConsumer<Integer, byte[]> action) {
        for (int at = 0; at < block.length; at += ENTRY_PREFIX + lengthAt(at)) {
            action.accept((int) INT.get(block, at), valueAt(at));
        }
    }

    /** Bytes that these headers take in a frame. */
    public int encodedLength() {
        return block.length;
    }

    /** Puts the entries into a frame; returns the offset behind them. */
    public int writeTo(byte[] frame, int offset) {
        System.arraycopy(block, 0, frame, offset, block.length);
        return offset + block.length;
    }

    /** These, without the heartbeats of the channel that they came from; the same object when it carried none. */
    public Headers withoutHeartbeats() {
        return (lowIds & HEARTBEAT_IDS) == 0
                ? this
                : filtered(id -> id != ChannelHeaders.HEARTBEAT && id != ChannelHeaders.HEARTBEAT_RESPONSE);
    }

    /** These with one uint16 replaced or added: one copy, as a forwarder needs it for each payload's stamp. */
    public Headers withUint16(int id, int value) {
        int at = find(id);
        if (at < 0 || lengthAt(at) != 2) {
            return toBuilder().uint16(id, value).build();
        }
        byte[] copy = block.clone();
        copy[at + ENTRY_PREFIX] = (byte) value;
        copy[at + ENTRY_PREFIX + 1] = (byte) (value >>> 8);
        return new Headers(copy, count, lowIds);
    }

    /** These with one int32 replaced or added: one copy, as each message needs it that goes on under another connection id. */
    public Headers withInt32(int id, int value) {
        int at = find(id);
        if (at >= 0 && lengthAt(at) != 4) {
            return toBuilder().int32(id, value).build();
        }
        byte[] copy = at >= 0 ? block.clone() : Arrays.copyOf(block, block.length + ENTRY_PREFIX + 4);
        if (at < 0) {
            at = block.length;
            INT.set(copy, at, id);
            INT.set(copy, at + 4, 4);
            INT.set(copy, at + ENTRY_PREFIX, value);
            return new Headers(copy, count + 1, lowIds | bit(id));
        }
        INT.set(copy, at + ENTRY_PREFIX, value);
        return new Headers(copy, count, lowIds);
    }

    /** These headers without the entries whose id {@code keep} refuses; this very object when it keeps all. */
    public Headers filtered(IntPredicate keep) {
        int kept = 0;
        int length = 0;
        long keptLowIds = 0;
        for (int at = 0; at < block.length; at += ENTRY_PREFIX + lengthAt(at)) {
            int id = (int) INT.get(block, at);
            if (keep.test(id)) {
                kept++;
                length += ENTRY_PREFIX + lengthAt(at);
                keptLowIds |= bit(id);
            }
        }
        if (kept == count) {
            return this;
        }
        byte[] rest = new byte[length];
        int to = 0;
        for (int at = 0; at < block.length; at += ENTRY_PREFIX + lengthAt(at)) {
            if (keep.test((int) INT.get(block, at))) {
                System.arraycopy(block, at, rest, to, ENTRY_PREFIX + lengthAt(at));
                to += ENTRY_PREFIX + lengthAt(at);
            }
        }
        return kept == 0 ? EMPTY : new Headers(rest, kept, keptLowIds);
    }

    public Builder toBuilder() {
        Builder b = new Builder();
        forEach(b::bytes);
        return b;
    }

    private static ByteBuffer le(byte[] v) {
        return ByteBuffer.wrap(v).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        // Values may be secrets (session tokens, group secrets): ids and lengths only.
        StringBuilder s = new StringBuilder("Headers[");
        for (int at = 0; at < block.length; at += ENTRY_PREFIX + lengthAt(at)) {
            s.append(at == 0 ? "" : ", ")
                    .append((int) INT.get(block, at))
                    .append('(')
                    .append(lengthAt(at))
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
            return bytes(id, CollectionValue.of(items));
        }

        /** @throws IllegalArgumentException over a bound that every peer enforces */
        public Builder byteMap(int id, Map<Integer, byte[]> entries) {
            return bytes(id, CollectionValue.ofBytes(entries));
        }

        /** @throws IllegalArgumentException over a bound that every peer enforces */
        public Builder stringMap(int id, Map<String, String> entries) {
            return bytes(id, CollectionValue.ofStrings(entries));
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
            if (size == 0) {
                return EMPTY;
            }
            int length = ENTRY_PREFIX * size;
            for (int i = 0; i < size; i++) {
                length += values[i].length;
            }
            byte[] block = new byte[length];
            long lowIds = 0;
            int at = 0;
            for (int i = 0; i < size; i++) {
                INT.set(block, at, ids[i]);
                INT.set(block, at + 4, values[i].length);
                System.arraycopy(values[i], 0, block, at + ENTRY_PREFIX, values[i].length);
                at += ENTRY_PREFIX + values[i].length;
                lowIds |= bit(ids[i]);
            }
            return new Headers(block, size, lowIds);
        }
    }
}
