package io.zitipekko.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.fuzz.Bounds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies, paths and queries of requests: an {@link ApiError} or a value that is written as it was read. */
class JsonFuzzTest {
    static Stream<byte[]> bodies() {
        return Stream.of(
                        "{\"name\":\"alice\",\"isAdmin\":true,\"roleAttributes\":[\"a\",\"b\"],\"at\":\"2026-01-02T03:04:05Z\"}",
                        "{\"a\":1,\"a\":2}",
                        "[[[[[[[[[[]]]]]]]]]]",
                        "1e999999999",
                        "-0.0",
                        "\"\\ud800\"",
                        "{\"a\":{\"b\":null}} x",
                        "/edge/management/v1//identities/%2e%2e/x?filter=a%20b&limit=%zz&=&sort",
                        "/.well-known/est/cacerts")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a body may be mapped to. */
    record Body(String name, boolean isAdmin, Set<String> roleAttributes, Instant at, Map<String, Object> tags) {}

    @MethodSource("bodies")
    @FuzzTest
    void aBodyIsRefusedOrWrittenAsItWasRead(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            try {
                JsonNode read = Json.read(bytes);
                if (!read.isMissingNode()) {
                    assertThat(Json.read(Json.write(read))).isEqualTo(read);
                    Json.convert(read, Body.class);
                }
            } catch (ApiError refused) {
                assertThat(refused.status()).isEqualTo(400);
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            List<String> segments = ApiPaths.segments(text, Set.of("edge", "fabric"));
            assertThat(segments).isNotEmpty().doesNotContain("", ".", "..");
            assertThat(ApiPaths.query(text).values().stream()
                            .mapToInt(List::size)
                            .sum())
                    .isLessThanOrEqualTo(100);
        });
    }
}
