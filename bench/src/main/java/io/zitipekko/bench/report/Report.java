package io.zitipekko.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Everything that a run measured, and what it could not measure. Figures are shown as they come. Not thread-safe. */
public final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private final boolean json;
    private final Map<String, Figure> figures = new LinkedHashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Map<String, Double> earlier;

    /**
     * @param json one object a line in place of the table
     * @param earlier medians of an earlier run by name; empty for no comparison
     */
    public Report(PrintStream out, boolean json, Map<String, Double> earlier) {
        this.out = out;
        this.json = json;
        this.earlier = Map.copyOf(earlier);
        if (!json) {
            out.printf(
                    "%-36s %-8s %10s %10s %10s %5s %10s %6s%n",
                    "figure", "unit", "median", "min", "max", "runs", "floor", "ratio");
        }
    }

    public void add(Figure figure) {
        figures.put(figure.name(), figure);
        out.println(json ? line(figure) : row(figure));
        out.flush();
    }

    /** This figure could not be taken. */
    public void missing(String name, String why) {
        missing.put(name, why);
        if (json) {
            out.println(JSON.createObjectNode().put("name", name).put("error", why));
        } else {
            out.printf("%-36s could not be taken: %s%n", name, why);
        }
        out.flush();
    }

    public boolean has(String name) {
        return figures.containsKey(name);
    }

    /** Whether every figure was taken. */
    public boolean complete() {
        return missing.isEmpty();
    }

    /** Writes what {@code --compare} reads. */
    public void save(Path file) {
        try {
            List<String> lines = new ArrayList<>();
            figures.values().forEach(figure -> lines.add(line(figure)));
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** The medians in a file of JSON lines. @throws IllegalArgumentException when it is none */
    public static Map<String, Double> readMedians(Path file) {
        Map<String, Double> medians = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                var figure = JSON.readTree(line);
                if (figure != null && figure.has("name") && figure.has("median")) {
                    medians.put(
                            figure.path("name").asText(), figure.path("median").asDouble());
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be compared with: " + e.getMessage() + " (expected: what --json prints)", e);
        }
        if (medians.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no figure (expected: what --json prints)");
        }
        return medians;
    }

    private String row(Figure f) {
        StringBuilder row = new StringBuilder(String.format(
                Locale.ROOT,
                "%-36s %-8s %10s %10s %10s %5d %10s %6s",
                f.name(),
                f.unit(),
                number(f.median()),
                number(f.min()),
                number(f.max()),
                f.runs().size(),
                number(f.floor()),
                number(f.ratio())));
        Double before = earlier.get(f.name());
        if (before != null && before != 0) {
            double change = 100 * (f.median() / before - 1);
            boolean better = f.largerIsBetter() == change > 0;
            row.append(String.format(
                    Locale.ROOT,
                    "  was %s: %+.0f %%%s",
                    number(before),
                    change,
                    Math.abs(change) < 5 ? "" : better ? " better" : " WORSE"));
        }
        if (!f.processes().isEmpty()) {
            row.append("  ");
            new TreeMap<>(f.processes())
                    .forEach((process, part) ->
                            row.append(' ').append(process).append(' ').append(number(part)));
        }
        return row.toString();
    }

    private static String line(Figure f) {
        ObjectNode line = JSON.createObjectNode()
                .put("name", f.name())
                .put("unit", f.unit())
                .put("median", rounded(f.median()))
                .put("min", rounded(f.min()))
                .put("max", rounded(f.max()))
                .put("runs", f.runs().size());
        f.floor().ifPresentOrElse(floor -> line.put("floor", rounded(floor)), () -> line.putNull("floor"));
        f.ratio().ifPresentOrElse(ratio -> line.put("ratio", rounded(ratio)), () -> line.putNull("ratio"));
        if (!f.processes().isEmpty()) {
            ObjectNode processes = line.putObject("processes");
            new TreeMap<>(f.processes()).forEach((process, part) -> processes.put(process, rounded(part)));
        }
        return line.toString();
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "-";
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.3f", value);
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.5g", value));
    }
}
