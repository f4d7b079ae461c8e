package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;

/** Whatever is put into headers comes out of their bytes again. */
class HeadersRoundTripTest {
    /** Texts that have a form in UTF-8: no halves of surrogate pairs. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(60).filter(text -> text.chars()
                .noneMatch(c -> Character.isSurrogate((char) c)));
    }

    @Provide
    Arbitrary<Map<Integer, byte[]>> entries() {
        return Arbitraries.maps(
                        Arbitraries.integers(),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(40))
                .ofMaxSize(40);
    }

    private static Headers read(Headers.Builder written) {
        Headers headers = written.build();
        byte[] block = new byte[headers.encodedLength()];
        assertThat(headers.writeTo(block, 0)).isEqualTo(block.length);
        return Headers.ofEncoded(block);
    }

    @Property
    void entriesOfAnyIdAndContent(@ForAll("entries") Map<Integer, byte[]> entries) {
        Headers.Builder written = Headers.builder();
        entries.forEach(written::bytes);

        Headers headers = read(written);

        assertThat(headers.size()).isEqualTo(entries.size());
        entries.forEach((id, value) -> assertThat(headers.bytes(id)).contains(value));
        Map<Integer, byte[]> seen = new HashMap<>();
        headers.forEach(seen::put);
        assertThat(seen.keySet()).isEqualTo(entries.keySet());
        Headers kept = headers.filtered(id -> (id & 1) == 0);
        entries.forEach((id, value) -> assertThat(kept.has(id)).isEqualTo((id & 1) == 0));
    }

    @Property
    void numbersAndTexts(
            @ForAll @UniqueElements @Size(6) List<Integer> ids,
            @ForAll @IntRange(max = 255) int small,
            @ForAll @IntRange(max = 65535) int middle,
            @ForAll int number,
            @ForAll long large,
            @ForAll boolean flag,
            @ForAll("texts") String text) {
        Headers headers = read(Headers.builder()
                .uint8(ids.get(0), small)
                .uint16(ids.get(1), middle)
                .int32(ids.get(2), number)
                .uint64(ids.get(3), large)
                .bool(ids.get(4), flag)
                .string(ids.get(5), text));

        assertThat(headers.uint8(ids.get(0))).hasValue(small);
        assertThat(headers.uint16(ids.get(1))).hasValue(middle);
        assertThat(headers.int32(ids.get(2))).hasValue(number);
        assertThat(headers.uint64(ids.get(3))).hasValue(large);
        assertThat(headers.bool(ids.get(4))).isEqualTo(flag);
        assertThat(headers.string(ids.get(5))).contains(text);
        assertThat(headers.withUint16(ids.get(1), 65535 - middle).uint16(ids.get(1)))
                .hasValue(65535 - middle);
    }

    @Property
    void collections(
            @ForAll @Size(max = 128) List<@From("texts") String> strings,
            @ForAll("entries") Map<Integer, byte[]> bytes,
            @ForAll @Size(max = 128) Map<@From("texts") String, @From("texts") String> texts) {
        Headers headers =
                read(Headers.builder().strings(1, strings).byteMap(2, bytes).stringMap(3, texts));

        assertThat(headers.strings(1)).isEqualTo(strings);
        assertThat(headers.stringMap(3)).isEqualTo(texts);
        assertThat(headers.byteMap(2)).hasSameSizeAs(bytes);
        bytes.forEach((id, value) -> assertThat(headers.byteMap(2)).containsEntry(id, value));
    }

    @Property
    void masks(@ForAll @Size(max = 40) List<@IntRange(max = 200) Integer> bits) {
        BigInteger mask = BigInteger.ZERO;
        for (int bit : new ArrayList<>(bits)) {
            mask = mask.setBit(bit);
        }

        assertThat(read(Headers.builder().mask(1, mask)).mask(1)).isEqualTo(mask);
    }
}
