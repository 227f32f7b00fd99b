package io.netchannel.perf.report;

import io.netchannel.perf.netperf.NetperfJson;
import io.netchannel.perf.netperf.NetperfReport;
import io.netchannel.perf.netperf.NetperfResult;
import io.netchannel.perf.netperf.NetperfTest;
import io.netchannel.perf.netperf.NetperfTest.Kind;
import io.netchannel.perf.netperf.TestCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes a page with the tables and plots of a run, everything in one file, and the figures beside it as JSON.
 *
 * <p>Threading: one thread.
 */
public final class HtmlReport {

    public static final String PAGE = "index.html";
    public static final String DATA = "netperf.json";

    private static final String STYLE = """
            body { font: 15px/1.5 sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #222; }
            table { border-collapse: collapse; margin: 1em 0; }
            th, td { padding: .2em .7em; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
            th:first-child, td:first-child { text-align: left; }
            .doubt { color: #a40000; }
            code { background: #f4f4f4; padding: .1em .3em; }
            img { max-width: 100%; height: auto; display: block; }
            """;

    private HtmlReport() {
    }

    /** @param directory made if it isn't there */
    public static void write(final Path directory, final NetperfReport report) throws IOException {
        // There is no screen to draw on; said before the first class of AWT asks.
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(PAGE), page(report));
        NetperfJson.write(directory.resolve(DATA), report);
    }

    static String page(final NetperfReport report) {
        final StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>netperf</title>\n")
                .append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<h1>netperf</h1>\n");
        html.append("<p>").append(escaped(NetperfReport.machine())).append("<br><code>")
                .append(escaped(report.command())).append("</code></p>\n");
        html.append(String.format(Locale.ROOT, "<p>Median of %d rounds of %.2f s, paths interleaved, behind one to warm"
                + " up. Compare within this page only. The figures are in <a href=\"%s\">%s</a>.</p>\n",
                report.run().rounds(), report.run().durationNs() / 1e9, DATA, DATA));
        final List<String> paths = report.results().stream().map(NetperfResult::path).distinct().toList();
        html.append("<ul>\n");
        paths.forEach(path -> html.append("<li><b>").append(escaped(path)).append("</b> ")
                .append(escaped(NetperfReport.description(path))).append("</li>\n"));
        report.skipped().forEach(line -> html.append("<li class=\"doubt\">skipped: ").append(escaped(line))
                .append("</li>\n"));
        html.append("</ul>\n");
        for (final NetperfTest test : report.run().cases().stream().map(TestCase::test).distinct().toList()) {
            html.append("<h2>").append(test).append("</h2>\n");
            html.append(new TestPlots(test, report.results(), paths).html());
            report.run().cases().stream().filter(each -> each.test() == test)
                    .forEach(each -> table(html, each, report.rows(each)));
        }
        return html.append("</body>\n</html>\n").toString();
    }

    private static void table(final StringBuilder html, final TestCase test, final List<NetperfResult> rows) {
        if (rows.isEmpty()) {
            return;
        }
        final boolean latency = test.test().kind() == Kind.TRANSACTIONS;
        final NetperfResult any = rows.getFirst();
        html.append("<h3>").append(escaped(test.title())).append("</h3>\n<table>\n<tr><th>path</th><th>")
                .append(any.rateUnit()).append("</th><th>lowest</th><th>highest</th><th>CPU ").append(any.demandUnit())
                .append("</th><th>client</th><th>server</th>").append("<th>heap bytes/op</th>")
                .append(latency ? "<th>p50 µs</th><th>p99 µs</th><th>p99.9 µs</th><th>max µs</th>" : "")
                .append(test.test().isUdp() && !latency ? "<th>lost %</th>" : "").append("</tr>\n");
        for (final NetperfResult row : rows) {
            if (!row.isEmpty()) {
                html.append("<tr><td>").append(escaped(row.path())).append("</td>");
                cells(html, row.rate(), row.lowestRate(), row.highestRate(), row.cpuMicros(), row.clientCpuMicros(),
                        row.serverCpuMicros(), row.allocatedPerOperation());
                if (latency) {
                    cells(html, row.latencyMicros(50), row.latencyMicros(99), row.latencyMicros(99.9),
                            row.latencyMicros(100));
                } else if (test.test().isUdp()) {
                    cells(html, row.lostPercent());
                }
                html.append("</tr>\n");
            }
        }
        html.append("</table>\n");
        for (final NetperfResult row : rows) {
            row.doubts().forEach(doubt -> html.append("<p class=\"doubt\">").append(escaped(row.path())).append(' ')
                    .append(escaped(doubt)).append("</p>\n"));
        }
    }

    private static void cells(final StringBuilder html, final double... values) {
        for (final double value : values) {
            html.append("<td>").append(number(value)).append("</td>");
        }
    }

    /** About four digits. */
    private static String number(final double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    static String escaped(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
