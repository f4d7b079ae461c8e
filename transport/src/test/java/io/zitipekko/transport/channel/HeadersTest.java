package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.control.Capabilities;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The value table of protocol/01 section 12, and how values of the wrong form read. */
class HeadersTest {
    @Test
    void numbersAreLittleEndian() {
        Headers headers = Headers.builder()
                .uint16(1, 0x1234)
                .int32(2, 1)
                .int32(3, -1)
                .uint64(4, 1767323045000000000L)
                .build();

        assertThat(hex(headers, 1)).isEqualTo("3412");
        assertThat(hex(headers, 2)).isEqualTo("01000000");
        assertThat(hex(headers, 3)).isEqualTo("ffffffff");
        assertThat(hex(headers, 4)).isEqualTo("0032961cf2ca8618");
        assertThat(headers.uint16(1)).hasValue(0x1234);
        assertThat(headers.int32(3)).hasValue(-1);
        assertThat(headers.uint64(4)).hasValue(1767323045000000000L);
    }

    @Test
    void aNumberIsReplacedOrAddedInACopy() {
        Headers original = Headers.builder().string(5, "before").int32(2, 1).build();

        assertThat(original.withInt32(2, 7)).isNotSameAs(original);
        assertThat(original.withInt32(2, 7).int32(2)).hasValue(7);
        assertThat(original.withInt32(2, 7).size()).isEqualTo(2);
        assertThat(original.withInt32(1000, -2).int32(1000)).hasValue(-2);
        assertThat(original.withInt32(1000, -2).string(5)).contains("before");
        assertThat(original.withInt32(1000, -2).size()).isEqualTo(3);
        assertThat(original.withInt32(5, 9).int32(5))
                .as("in place of another kind")
                .hasValue(9);
        assertThat(Headers.EMPTY.withInt32(3, 4).int32(3)).hasValue(4);
        assertThat(original.int32(2)).hasValue(1);
        assertThat(original.has(1000)).isFalse();
    }

    @Test
    void slicesAndMapsCarryTheirLengths() {
        Map<Integer, byte[]> numbered = new LinkedHashMap<>();
        numbered.put(7, "hi".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        numbered.put(8, new byte[0]);
        Headers headers = Headers.builder()
                .strings(1, List.of("a", "", "bc"))
                .stringMap(2, Map.of("k", "v"))
                .stringMap(3, Map.of("a", ""))
                .byteMap(4, numbered)
                .build();

        assertThat(hex(headers, 1)).isEqualTo("03000000010000006100000000020000006263");
        assertThat(hex(headers, 2)).isEqualTo("01000000010000006b0100000076");
        assertThat(hex(headers, 3)).isEqualTo("01000000010000006100000000");
        assertThat(hex(headers, 4)).isEqualTo("02000000070000000200000068690800000000000000");
        assertThat(headers.strings(1)).containsExactly("a", "", "bc");
        assertThat(headers.stringMap(2)).containsExactly(Map.entry("k", "v"));
        assertThat(headers.byteMap(4)).containsOnlyKeys(7, 8);
    }

    @Test
    void masksAreMinimalBigEndian() {
        Headers headers = Headers.builder()
                .mask(1, Capabilities.ROUTER_2_1)
                .mask(2, Capabilities.CONTROLLER_2_1)
                .build();

        assertThat(hex(headers, 1)).isEqualTo("4000000000000076");
        assertThat(hex(headers, 2)).isEqualTo("7e");
        assertThat(headers.mask(1).testBit(Capabilities.ROUTER_DATA_MODEL)).isTrue();
        assertThat(headers.mask(3)).isZero();
    }

    @Test
    void emptySlicesAndMapsAreEmptyValues() {
        Headers headers =
                Headers.builder().strings(1, List.of()).stringMap(2, Map.of()).build();

        assertThat(hex(headers, 1)).isEmpty();
        assertThat(headers.strings(1)).isEmpty();
        assertThat(headers.stringMap(2)).isEmpty();
        assertThat(headers.strings(99)).isEmpty();
    }

    @Test
    void valuesOfTheWrongWidthReadAsAbsent() {
        Headers headers = Headers.builder()
                .bytes(1, new byte[3])
                .bytes(2, new byte[1])
                .bytes(3, new byte[7])
                .build();

        assertThat(headers.uint16(1)).isEmpty();
        assertThat(headers.int32(2)).isEmpty();
        assertThat(headers.uint64(3)).isEmpty();
        assertThat(headers.has(1)).isTrue();
    }

    @Test
    void onlyOneIsTrue() {
        Headers headers = Headers.builder()
                .bytes(1, new byte[] {1})
                .bytes(2, new byte[] {2})
                .bytes(3, new byte[0])
                .bytes(4, new byte[] {0})
                .build();

        assertThat(headers.bool(1)).isTrue();
        assertThat(headers.bool(2)).isFalse();
        assertThat(headers.bool(3)).isFalse();
        assertThat(headers.bool(4)).isFalse();
        assertThat(headers.bool(5)).isFalse();
    }

    @Test
    @DisplayName("CVE-2026-40303: memory was taken for a count that the client had made up")
    void refusesCollectionsOverTheBounds() {
        Headers many = Headers.builder()
                .bytes(1, HexFormat.of().parseHex("81000000"))
                .bytes(2, HexFormat.of().parseHex("ffffffff"))
                .bytes(3, HexFormat.of().parseHex("0100000001200000" + "00".repeat(8193)))
                .bytes(4, HexFormat.of().parseHex("01000000ff00000000"))
                .build();

        assertThatThrownBy(() -> many.strings(1)).hasMessageContaining("129");
        assertThatThrownBy(() -> many.strings(2)).hasMessageContaining("4294967295");
        assertThatThrownBy(() -> many.strings(3)).hasMessageContaining("8193");
        assertThatThrownBy(() -> many.stringMap(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Headers.builder().strings(1, Collections.nCopies(129, "")))
                .hasMessageContaining("129");
    }

    @Test
    void withoutHeartbeatsIsTheSameObjectWhenThereAreNone() {
        Headers plain = Headers.builder().string(1000, "x").build();
        Headers beating = plain.toBuilder().uint64(5, 1).uint64(6, 2).build();

        assertThat(plain.withoutHeartbeats()).isSameAs(plain);
        assertThat(beating.withoutHeartbeats().size()).isEqualTo(1);
        assertThat(beating.withoutHeartbeats().string(1000)).contains("x");
    }

    @Test
    void aStampIsReplacedInACopy() {
        Headers stamped = Headers.builder().string(2256, "c").uint16(2260, 1).build();

        Headers again = stamped.withUint16(2260, 0xfffe);

        assertThat(again.uint16(2260)).hasValue(0xfffe);
        assertThat(again.string(2256)).contains("c");
        assertThat(stamped.uint16(2260)).hasValue(1);
        assertThat(Headers.EMPTY.withUint16(2260, 5).uint16(2260)).hasValue(5);
    }

    @Test
    void textHidesValues() {
        assertThat(Headers.builder().string(1002, "secret-token").build().toString())
                .isEqualTo("Headers[1002(12)]");
    }

    @Test
    void versionNeedsFiveParts() {
        VersionInfo version = VersionInfo.parse("v2.1.0|abc123|2026-01-02 03:04:05|linux|amd64");

        assertThat(version.isAtLeast("1.6.6")).isTrue();
        assertThat(version.isAtLeast("2.1.1")).isFalse();
        assertThat(version.toString()).isEqualTo("v2.1.0|abc123|2026-01-02 03:04:05|linux|amd64");
        assertThat(new VersionInfo("v0.0.0", "", "", "", "").isAtLeast("9.9.9")).isTrue();
        assertThat(new VersionInfo("2.0.0-pre4", "", "", "", "").isAtLeast("2.0.0"))
                .isTrue();
        assertThatThrownBy(() -> VersionInfo.parse("v2.1.0|abc|x|linux")).hasMessageContaining("4 parts");
    }

    private static String hex(Headers headers, int id) {
        return HexFormat.of().formatHex(headers.bytes(id).orElseThrow());
    }
}
