package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.WireVectors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A block of headers and the collections in their values: an {@link IllegalArgumentException} or values that come back as they were. */
class HeadersFuzzTest {
    static Stream<byte[]> blocks() {
        return WireVectors.collections()
                .flatMap(value -> Stream.of(
                        value,
                        encoded(Headers.builder()
                                .bytes(1110, value)
                                .uint16(2260, 7)
                                .build())));
    }

    @MethodSource("blocks")
    @FuzzTest
    void headersComeBack(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            Headers headers;
            try {
                headers = Headers.ofEncoded(bytes.clone());
            } catch (IllegalArgumentException refused) {
                collections(Headers.builder().bytes(1, bytes).build(), 1);
                return;
            }
            headers.forEach((id, value) -> scalars(headers, id));
            headers.forEach((id, value) -> collections(headers, id));
            assertThat(byId(Headers.ofEncoded(encoded(headers.toBuilder().build()))))
                    .isEqualTo(byId(headers));
            assertThat(headers.filtered(id -> true)).isSameAs(headers);
            assertThat(headers.withUint16(2260, 513).uint16(2260)).hasValue(513);
            assertThat(headers.toString()).startsWith("Headers[");
        });
    }

    private static void scalars(Headers headers, int id) {
        headers.bool(id);
        headers.uint8(id);
        headers.uint16(id);
        headers.int32(id);
        headers.uint64(id);
        headers.string(id);
        assertThat(headers.mask(id).signum()).isNotNegative();
    }

    private static void collections(Headers headers, int id) {
        try {
            List<String> strings = headers.strings(id);
            if (strings.stream().noneMatch(HeadersFuzzTest::replaced)) {
                assertThat(Headers.builder().strings(id, strings).build().strings(id))
                        .isEqualTo(strings);
            }
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("header");
        }
        try {
            Map<Integer, byte[]> map = headers.byteMap(id);
            assertThat(asLists(Headers.builder().byteMap(id, map).build().byteMap(id)))
                    .isEqualTo(asLists(map));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("header");
        }
        try {
            Map<String, String> map = headers.stringMap(id);
            if (map.keySet().stream().noneMatch(HeadersFuzzTest::replaced)
                    && map.values().stream().noneMatch(HeadersFuzzTest::replaced)) {
                assertThat(Headers.builder().stringMap(id, map).build().stringMap(id))
                        .isEqualTo(map);
            }
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("header");
        }
    }

    /** Bytes that were no UTF-8 grow when they are written again, perhaps over a bound. */
    private static boolean replaced(String text) {
        return text.indexOf('\ufffd') >= 0;
    }

    private static Map<Integer, String> asLists(Map<Integer, byte[]> map) {
        Map<Integer, String> out = new HashMap<>();
        map.forEach((id, value) -> out.put(id, Arrays.toString(value)));
        return out;
    }

    private static Map<Integer, String> byId(Headers headers) {
        Map<Integer, String> out = new HashMap<>();
        headers.forEach((id, value) -> out.put(id, Arrays.toString(value)));
        return out;
    }

    private static byte[] encoded(Headers headers) {
        byte[] block = new byte[headers.encodedLength()];
        headers.writeTo(block, 0);
        return block;
    }
}
