package io.zitipekko.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Report report(boolean json, Map<String, Double> earlier) {
        return new Report(new PrintStream(out, true, StandardCharsets.UTF_8), json, earlier);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFigureIsOneJsonObjectALine() throws IOException {
        report(true, Map.of())
                .add(Figure.of("rtt.64.p50", "ms", List.of(0.5, 0.25, 0.75)).withFloor(0.25));

        JsonNode line = new ObjectMapper().readTree(printed());
        assertThat(line.path("name").asText()).isEqualTo("rtt.64.p50");
        assertThat(line.path("unit").asText()).isEqualTo("ms");
        assertThat(line.path("median").asDouble()).isEqualTo(0.5);
        assertThat(line.path("min").asDouble()).isEqualTo(0.25);
        assertThat(line.path("max").asDouble()).isEqualTo(0.75);
        assertThat(line.path("runs").asInt()).isEqualTo(3);
        assertThat(line.path("floor").asDouble()).isEqualTo(0.25);
        assertThat(line.path("ratio").asDouble()).isEqualTo(2.0);
    }

    @Test
    void whatIsSavedCanBeComparedWith(@TempDir Path folder) {
        Path file = folder.resolve("before.json");
        Report before = report(false, Map.of());
        before.add(Figure.of("dial.8.rate", "/s", 400));
        before.add(Figure.of("dial.8.cpu", "ms", 4));
        before.save(file);
        out.reset();

        Report after = report(false, Report.readMedians(file));
        after.add(Figure.of("dial.8.rate", "/s", 800));
        after.add(Figure.of("dial.8.cpu", "ms", 5));

        assertThat(printed()).contains("was 400: +100 % better").contains("was 4.000: +25 % WORSE");
    }

    @Test
    void aFileWithoutFiguresIsNotComparedWith(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("other.json"), "{}\n");

        assertThatThrownBy(() -> Report.readMedians(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no figure");
    }

    @Test
    void aFigureThatCouldNotBeTakenMakesTheReportIncomplete() {
        Report report = report(false, Map.of());

        report.missing("bind.rate", "the host is gone");

        assertThat(report.complete()).isFalse();
        assertThat(printed()).contains("bind.rate").contains("could not be taken: the host is gone");
    }
}
