package io.zitipekko.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.address.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node files as texts, numbers and sections; every complaint is one line that names the key. */
final class YamlFileTest {
    @TempDir
    Path folder;

    private Section load(String yaml) throws IOException {
        return load(yaml, Map.of());
    }

    private Section load(String yaml, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("node.yml");
        Files.writeString(file, yaml);
        return YamlFile.load(file, environment::get);
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void variablesOfTheEnvironmentAreReplacedInValuesOnly() throws IOException {
        Section root = load(
                """
                $KEY: $HOME_DIR/pki
                port: ${PORT}
                list: [$A, "x${A}y"]
                missing: "a${NOBODY}b"
                money: "5$"
                """,
                Map.of("HOME_DIR", "/opt/$1", "PORT", "1280", "A", "v", "KEY", "never"));

        assertThat(root.text("$KEY")).contains("/opt/$1/pki");
        assertThat(root.integer("port", 1, 65535)).contains(1280);
        assertThat(root.texts("list")).containsExactly("v", "xvy");
        assertThat(root.text("missing")).contains("ab");
        assertThat(root.text("money")).contains("5$");
    }

    @Test
    void aliasesThatStandForThemselvesOrForAHugeFileAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d, *a%2$d]\n".formatted(i, i - 1));
        }

        refused(() -> load("a: &a [*a]"), "alias");
        refused(() -> load("a: &a {b: *a}"), "alias");
        refused(() -> load(bomb.toString()), "more than 100000 values");
    }

    @Test
    void onlyTheFirstDocumentCountsAndTheLastOfTwoEqualKeysWins() throws IOException {
        Section root = load("a: 1\na: 2\n---\na: 3\n");

        assertThat(root.integer("a", 0, 9)).contains(2);
    }

    @Test
    void keysThatNobodyReadsAreNamedByTheirPath() throws IOException {
        Section root = load(
                "v: 3\nlink:\n  dialers:\n    - binding: transport\n      splitt: true\nunknown: {a: 1}\nold: 1\n");

        root.integer("v", 0, 3);
        root.tolerate("old");
        root.requiredSection("link").sections("dialers").get(0).requiredText("binding");

        assertThat(root.unread()).containsExactlyInAnyOrder("link.dialers[0].splitt", "unknown");
    }

    @Test
    void valuesAreReadByType() throws IOException {
        Section root = load(
                "flag: \"True\"\nother: yes please\nwait: 1m30s\nat: tls:localhost:6262\nfactor: 1.5\none: alone\nempty:\n");

        assertThat(root.bool("flag")).contains(true);
        assertThat(root.bool("other")).contains(false);
        assertThat(root.duration("wait")).contains(Duration.ofSeconds(90));
        assertThat(root.address("at")).contains(TransportAddress.tls("localhost", 6262));
        assertThat(root.decimal("factor", 1, 100)).contains(1.5);
        assertThat(root.texts("one")).isEqualTo(List.of("alone"));
        assertThat(root.has("empty")).isFalse();
        assertThat(root.section("empty")).isEmpty();
    }

    @Test
    void wrongValuesAreNamedWithWhatWasExpected() throws IOException {
        Section edge =
                load("edge:\n  port: 70000\n  name: [a]\n  wait: soon\n  at: nowhere\n  list: text\n  items: [text]\n  f: x\n")
                        .requiredSection("edge");

        refused(() -> edge.integer("port", 1, 65535), "edge.port", "70000", "1 to 65535");
        refused(() -> edge.text("name"), "edge.name", "a text");
        refused(() -> edge.duration("wait"), "edge.wait", "soon", "30s");
        refused(() -> edge.address("at"), "edge.at", "nowhere", "type:host:port");
        refused(() -> edge.sections("list"), "edge.list", "a list");
        refused(() -> edge.sections("items"), "edge.items[0]", "a section");
        refused(() -> edge.section("wait"), "edge.wait", "a section");
        refused(() -> edge.decimal("f", 0, 1), "edge.f", "a number");
        refused(() -> edge.requiredText("none"), "edge.none is missing");
    }

    @Test
    void filesThatAreNoNodeFilesAreRefusedInOneLine() {
        refused(() -> YamlFile.load(folder.resolve("none.yml"), n -> null), "none.yml", "no such file");
        refused(() -> load("- a\n- b\n"), "node.yml", "YAML map");
        refused(() -> load(""), "node.yml", "YAML map");
        refused(() -> load("a: [1, 2\nb: }"), "node.yml", "not YAML");
        refused(() -> load("a: !!java.net.URL [\"http://localhost/\"]"), "node.yml", "not YAML");
    }
}
