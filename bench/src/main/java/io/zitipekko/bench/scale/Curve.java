package io.zitipekko.bench.scale;

import io.zitipekko.bench.BenchException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of some series over a load that doubles. */
final class Curve {
    private static final Pattern FRACTIONS = Pattern.compile("-?\\d+\\.\\d{3,}");

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final List<Double> load = new ArrayList<>();
    private final Map<String, List<Double>> series = new LinkedHashMap<>();

    Curve(String title, String xTitle, String yTitle) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    void at(double x) {
        load.add(x);
    }

    /** The value of a series at the load last given. */
    void value(String name, double y) {
        series.computeIfAbsent(name, n -> new ArrayList<>()).add(y);
    }

    /** Writes it as SVG. */
    void save(Path file) {
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(720)
                .height(400)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .theme(Styler.ChartTheme.XChart)
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisMin(0.0).setLegendPosition(Styler.LegendPosition.OutsideS);
        series.forEach((name, values) -> chart.addSeries(name, load, values).setMarker(SeriesMarkers.CIRCLE));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart, file.toString().replaceFirst("\\.svg$", ""), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
            // Letters are outlines there, to a millionth of a pixel.
            Files.writeString(
                    file, FRACTIONS.matcher(Files.readString(file)).replaceAll(number -> twoPlaces(number.group())));
        } catch (IOException e) {
            throw new BenchException("the chart cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private static String twoPlaces(String number) {
        return new BigDecimal(number)
                .setScale(2, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }
}
