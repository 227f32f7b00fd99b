package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.HostName;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.config.StatsSettings;
import io.netchannel.samples.haproxy.config.Version;
import io.netchannel.samples.haproxy.proxy.Frontend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page for people. */
final class HtmlPage {

    private static final String STYLE = """
            <style>
            body{font:13px sans-serif;margin:1em;color:#222}
            h1{font-size:1.4em;margin:0}h2{font-size:1.1em;margin:1.2em 0 .3em}
            table{border-collapse:collapse}
            table.proxy td,table.proxy th{border:1px solid #bbb;padding:1px 4px;text-align:right;white-space:nowrap}
            table.proxy th{background:#334;color:#fff;font-weight:normal;text-align:center}
            td.name,td.state{text-align:left!important}
            tr.frontend{background:#dde}tr.backend{background:#dde;font-weight:bold}tr.socket{background:#eef}
            tr.up{background:#cfc}tr.nocheck{background:#eee}tr.going{background:#ffd27a}tr.down{background:#f99}
            tr.maint{background:#c9a27a}tr.drain{background:#9cf}tr.nolb{background:#adf}
            p.done{background:#cfc;padding:4px}p.failed{background:#f99;padding:4px}
            td[title]{text-decoration:underline dotted}
            </style>
            """;
    private static final Map<String, String> OUTCOMES = Map.of("DONE", "The action was carried out.", "NONE",
            "Nothing has changed.", "PART", "The action was carried out for some servers only: others aren't known.",
            "ERRP", "The action was not carried out: a parameter is missing, unknown or wrong.", "EXCD",
            "The action was not carried out: the form is too long, choose fewer servers.", "DENY",
            "The action was denied.", "IVAL", "The method of the request is not supported.", "UNKN",
            "The outcome is not known.");

    private final Statistics statistics;
    private final ProxySection proxy;
    private final PageRequest page;
    private final boolean admin;
    private final Html html = new Html();

    HtmlPage(final Statistics statistics, final ProxySection proxy, final PageRequest page, final boolean admin) {
        this.statistics = statistics;
        this.proxy = proxy;
        this.page = page;
        this.admin = admin;
    }

    String text(final List<StatRow> rows) {
        head();
        process();
        options();
        outcome();
        List<StatRow> ofProxy = new ArrayList<>();
        for (final StatRow row : rows) {
            if (!ofProxy.isEmpty() && ofProxy.getFirst().proxyId() != row.proxyId()) {
                table(ofProxy);
                ofProxy = new ArrayList<>();
            }
            ofProxy.add(row);
        }
        if (!ofProxy.isEmpty()) {
            table(ofProxy);
        }
        return html.markup("</body></html>\n").toString();
    }

    private void table(final List<StatRow> rows) {
        new HtmlTable(html, page, admin, proxy.get(StatsSettings.SHOW_LEGENDS), proxy.get(StatsSettings.SHOW_MODULES))
                .write(rows, description(rows.getFirst().text(StatField.PXNAME)));
    }

    private String description(final String proxyName) {
        final Frontend frontend = statistics.proxies().frontend(proxyName);
        final ProxySection section = frontend == null
                ? statistics.proxies().backend(proxyName).section()
                : frontend.section();
        return section.get(ProxySettings.DESCRIPTION);
    }

    private String node() {
        final String node = proxy.get(StatsSettings.SHOW_NODE);
        return node == null ? "" : node.isEmpty() ? HostName.node(statistics.proxies().configuration().global()) : node;
    }

    private void head() {
        html.markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .text("Statistics Report for HAProxy" + (node().isEmpty() ? "" : " on " + node()))
                .markup("</title>\n").markup(STYLE).markup("</head><body>\n<h1>")
                .text("HAProxy" + (proxy.get(StatsSettings.HIDE_VERSION) ? "" : " version " + Version.TEXT))
                .markup("</h1>\n<p>")
                .text("Statistics Report for pid " + ProcessHandle.current().pid() + (node().isEmpty()
                        ? ""
                        : " on " + node()));
        final String given = proxy.get(StatsSettings.SHOW_DESCRIPTION);
        if (given != null) {
            final String description = given.isEmpty()
                    ? statistics.proxies().configuration().global().get(GlobalOptions.DESCRIPTION)
                    : given;
            html.text(": " + description);
        }
        html.markup("</p>\n");
    }

    private void process() {
        final Map<String, ProcessInfo.Field> info = new HashMap<>();
        ProcessInfo.of(statistics).forEach(field -> info.put(field.name(), field));
        html.markup("<h2>General process information</h2>\n<p>")
                .text("pid = " + value(info, "Pid") + " (process #1, nbproc = 1, nbthread = " + value(info, "Nbthread")
                        + ")")
                .markup("<br>\n").text("uptime = " + value(info, "Uptime")).markup("<br>\n")
                .text("system limits: memmax = " + value(info, "Memmax_MB") + " MB; ulimit-n = "
                        + value(info, "Ulimit-n"))
                .markup("<br>\n").text("maxconn = " + value(info, "Maxconn")).markup("<br>\n")
                .text("current conns = " + value(info, "CurrConns") + "; conn rate = " + value(info, "ConnRate")
                        + "/sec")
                .markup("</p>\n");
    }

    private static String value(final Map<String, ProcessInfo.Field> info, final String name) {
        return info.get(name).value().plain();
    }

    private void options() {
        final boolean quiet = page.noRefresh();
        html.markup("<form method=\"get\"").attribute("action", page.prefix())
                .markup("><label>Scope: <input name=\"scope\" size=\"8\"")
                .attribute("maxlength", Integer.toString(PageRequest.MAX_SCOPE)).attribute("value", page.scope())
                .markup("></label></form>\n<ul>");
        link(page.uri(!page.up(), quiet, ""), page.up() ? "Show all servers" : "Hide 'DOWN' servers");
        if (proxy.get(StatsSettings.REFRESH_S) > 0) {
            link(page.uri(page.up(), !quiet, ""), quiet ? "Enable refresh" : "Disable refresh");
        }
        link(page.uri(page.up(), quiet, ""), "Refresh now");
        link(page.uri(false, quiet, ";csv"), "CSV export");
        link(page.uri(false, quiet, ";json"), "JSON export");
        link(page.uri(false, false, ";json-schema"), "JSON schema");
        html.markup("</ul>\n");
    }

    private void link(final String uri, final String text) {
        html.markup("<li><a").attribute("href", uri).markup(">").text(text).markup("</a></li>");
    }

    private void outcome() {
        if (OUTCOMES.containsKey(page.status())) {
            html.markup("DONE".equals(page.status()) ? "<p class=\"done\">" : "<p class=\"failed\">")
                    .text(OUTCOMES.get(page.status())).markup(" <a").attribute("href", page.uri(page.up(), page
                            .noRefresh(), ""))
                    .markup(">[X]</a></p>\n");
        }
    }
}
