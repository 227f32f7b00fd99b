package io.netchannel.perf.report;

import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** One plot, as a picture in the page. */
final class Plot {

    /** What a line goes through. */
    record Point(double x, double y) {
    }

    private static final int WIDTH = 880;
    private static final int HEIGHT = 420;

    // Told apart by those who don't see all colours, too (Okabe and Ito, "Color Universal Design").
    private static final int[] COLOURS = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000,
        0x999999,
        0x8C510A, 0x7B3294};
    private static final int MILLION = 1_000_000;

    private Plot() {
    }

    /**
     * A line for each path, on logarithmic axes.
     *
     * @return an {@code img} element
     */
    static String lines(final String title, final String xTitle, final String yTitle,
            final Map<String, List<Point>> byPath, final List<String> allPaths) {
        final XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(xTitle)
                .yAxisTitle(yTitle).build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        final Map<String, List<Point>> drawn = new LinkedHashMap<>();
        byPath.forEach((path, points) -> {
            final List<Point> positive = points.stream().filter(p -> p.x() > 0 && p.y() > 0).toList();
            if (!positive.isEmpty()) {
                drawn.put(path, positive);
            }
        });
        drawn.forEach((path, points) -> chart.addSeries(path, points.stream().mapToDouble(Point::x).toArray(),
                points.stream().mapToDouble(Point::y).toArray()));
        chart.getStyler().setSeriesColors(colours(drawn.keySet().stream().toList(), allPaths));
        return drawn.isEmpty() ? "" : image(chart, title);
    }

    /** A group of bars for each path, a bar of it for each series. */
    static String bars(final String title, final String yTitle, final List<String> paths,
            final Map<String, List<Double>> series) {
        final CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title)
                .yAxisTitle(yTitle).build();
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(series.size() > 1);
        chart.getStyler().setYAxisMin(0.0);
        series.forEach((name, values) -> chart.addSeries(name, paths,
                values.stream().map(value -> Double.isFinite(value) ? value : 0.0).toList()));
        chart.getStyler().setSeriesColors(colours(new ArrayList<>(series.keySet()), new ArrayList<>(series.keySet())));
        return paths.isEmpty() ? "" : image(chart, title);
    }

    private static void style(final AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setYAxisDecimalPattern("#,##0.###");
        styler.setXAxisDecimalPattern("#,##0.###");
    }

    /** A path has the same colour in every plot. */
    private static Color[] colours(final List<String> drawn, final List<String> all) {
        return drawn.stream().map(name -> new Color(COLOURS[Math.max(0, all.indexOf(name)) % COLOURS.length]))
                .toArray(Color[]::new);
    }

    private static String image(final IChart chart, final String title) {
        try {
            final byte[] png = ChartEncoder.getBytes(chart, "png");
            return "<img width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" alt=\"" + HtmlReport.escaped(title)
                    + "\" src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png) + "\">\n";
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Large rates in millions. */
    static double inMillions(final double perSecond) {
        return perSecond / MILLION;
    }
}
