package io.zitipekko.transport.control;

import com.google.protobuf.ByteString;
import io.zitipekko.transport.channel.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the two ends of a circuit tell each other while it is set up, by number (protocol/03 section 3): the number space of SDK edge
 * headers. Immutable; unknown numbers are carried along.
 *
 * @param values keyed by header id
 */
public record PeerData(Map<Integer, ByteString> values) {
    public static final PeerData EMPTY = new PeerData(Map.of());

    public PeerData {
        values = Map.copyOf(values);
    }

    /** From the form of {@code map<uint32, bytes>} header values. */
    public static PeerData ofBytes(Map<Integer, byte[]> values) {
        Map<Integer, ByteString> copy = new LinkedHashMap<>();
        values.forEach((id, value) -> copy.put(id, ByteString.copyFrom(value)));
        return new PeerData(copy);
    }

    public boolean has(int id) {
        return values.containsKey(id);
    }

    public Optional<byte[]> bytes(int id) {
        return Optional.ofNullable(values.get(id)).map(ByteString::toByteArray);
    }

    public Optional<String> string(int id) {
        return Optional.ofNullable(values.get(id)).map(ByteString::toStringUtf8);
    }

    public PeerData with(int id, byte[] value) {
        Map<Integer, ByteString> copy = new LinkedHashMap<>(values);
        copy.put(id, ByteString.copyFrom(value));
        return new PeerData(copy);
    }

    public PeerData with(int id, String value) {
        return with(id, value.getBytes(StandardCharsets.UTF_8));
    }

    public PeerData without(int... ids) {
        Map<Integer, ByteString> copy = new LinkedHashMap<>(values);
        for (int id : ids) {
            copy.remove(id);
        }
        return new PeerData(copy);
    }

    /** These, overwritten by {@code later}. */
    public PeerData merge(PeerData later) {
        Map<Integer, ByteString> copy = new LinkedHashMap<>(values);
        copy.putAll(later.values);
        return new PeerData(copy);
    }

    /** The form of {@code map<uint32, bytes>} header values. */
    public Map<Integer, byte[]> toBytes() {
        Map<Integer, byte[]> out = new TreeMap<>();
        values.forEach((id, value) -> out.put(id, value.toByteArray()));
        return out;
    }

    /** Each value as a header of its own, as route results and 1001 carry them. */
    void addTo(Headers.Builder headers) {
        values.forEach((id, value) -> headers.bytes(id, value.toByteArray()));
    }

    @Override
    public String toString() {
        return "PeerData" + new TreeMap<>(values).keySet();
    }
}
