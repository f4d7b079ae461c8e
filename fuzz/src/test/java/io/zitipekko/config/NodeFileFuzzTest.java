package io.zitipekko.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.zitipekko.fuzz.Bounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Node files and the durations in them: one {@link ConfigException} of one line, or settings. */
class NodeFileFuzzTest {
    private static final Path FILE = Jimfs.newFileSystem(Configuration.unix()).getPath("/r1.yml");

    static Stream<byte[]> files() {
        return Stream.of(
                        "v: 3\nidentity:\n  cert: r1/client.cert\n  key: r1/key\n  ca: r1/ca\nctrl:\n"
                                + "  endpoint: tls:ctrl.example.net:1280\nlink:\n  dialers:\n    - binding: transport\n"
                                + "edge:\n  csr:\n    sans:\n      dns: [r1.example.net]\n      ip: [10.0.0.1]\n",
                        "v: 3\nctrl: {endpoints: [tls:a:1, 'tls:b:2']}\nidentity: {cert: $X, key: ${Y}, ca: z}\n",
                        "a: &a [*a]",
                        "a: &a {b: *a}",
                        "? [x]\n: y",
                        "--- !!java.lang.Object {}",
                        "1h30m",
                        "-1.5s",
                        "99999999999999h")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("files")
    @FuzzTest
    void aFileIsReadOrRefusedInOneLine(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        // The YAML library itself takes tens of megabytes for some hundred digits; the file is the operator's own.
        Bounds.hold((256 << 10) + bytes.length, () -> {
            try {
                RouterFileReader.readForEnrollment(FILE);
            } catch (ConfigException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try {
                Section root = YamlFile.load(FILE, name -> "x");
                root.keys().forEach(key -> use(root, key));
                root.unread();
            } catch (ConfigException refused) {
                assertThat(refused.getMessage()).doesNotContain("\n");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            try {
                Duration duration = GoDuration.parse(text);
                assertThat(GoDuration.parse(duration.toNanos() + "ns")).isEqualTo(duration);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).contains("expected");
            }
        });
    }

    private static void use(Section root, String key) {
        attempt(() -> root.text(key));
        attempt(() -> root.integer(key, 0, 100));
        attempt(() -> root.decimal(key, 0, 100));
        attempt(() -> root.bool(key));
        attempt(() -> root.duration(key));
        attempt(() -> root.address(key));
        attempt(() -> root.texts(key));
        attempt(() -> root.sections(key));
        attempt(() -> root.section(key).ifPresent(section -> section.keys().forEach(section::text)));
    }

    private static void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (ConfigException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
