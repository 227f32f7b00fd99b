package io.netchannel.samples.haproxy.stats;

import java.util.List;

/** A proxy's table in the page: with a form around it for who may change servers. */
final class HtmlTable {

    private static final String[][] ACTIONS = {{"ready", "Set state to READY"}, {"drain", "Set state to DRAIN"},
        {"maint", "Set state to MAINT"}, {"dhlth", "Health: disable checks"}, {"ehlth", "Health: enable checks"},
        {"hrunn", "Health: force UP"}, {"hnolb", "Health: force NOLB"}, {"hdown", "Health: force DOWN"},
        {"dagent", "Agent: disable checks"}, {"eagent", "Agent: enable checks"}, {"arunn", "Agent: force UP"},
        {"adown", "Agent: force DOWN"}, {"shutdown", "Kill Sessions"}};
    private static final String HEADER = "<th colspan=\"3\">Queue</th><th colspan=\"3\">Session rate</th>"
            + "<th colspan=\"6\">Sessions</th><th colspan=\"2\">Bytes</th><th colspan=\"2\">Denied</th>"
            + "<th colspan=\"3\">Errors</th><th colspan=\"2\">Warnings</th><th colspan=\"9\">Server</th></tr>\n<tr>"
            + "<th>Cur</th><th>Max</th><th>Limit</th><th>Cur</th><th>Max</th><th>Limit</th><th>Cur</th><th>Max</th>"
            + "<th>Limit</th><th>Total</th><th>LbTot</th><th>Last</th><th>In</th><th>Out</th><th>Req</th><th>Resp</th>"
            + "<th>Req</th><th>Conn</th><th>Resp</th><th>Retr</th><th>Redis</th><th>Status</th><th>LastChk</th>"
            + "<th>Wght</th><th>Act</th><th>Bck</th><th>Chk</th><th>Dwn</th><th>Dwntme</th><th>Thrtle</th>";
    private static final StatField[] NUMBERS = {StatField.QCUR, StatField.QMAX, StatField.QLIMIT, StatField.RATE,
        StatField.RATE_MAX, StatField.RATE_LIM, StatField.SCUR, StatField.SMAX, StatField.SLIM, StatField.STOT,
        StatField.LBTOT};
    private static final StatField[] MORE_NUMBERS = {StatField.BIN, StatField.BOUT, StatField.DREQ, StatField.DRESP,
        StatField.EREQ, StatField.ECON, StatField.ERESP, StatField.WRETR, StatField.WREDIS};

    private final Html html;
    private final PageRequest page;
    private final boolean admin;
    private final boolean legends;
    private final boolean modules;
    private boolean form;

    HtmlTable(final Html html, final PageRequest page, final boolean admin, final boolean legends,
            final boolean modules) {
        this.html = html;
        this.page = page;
        this.admin = admin;
        this.legends = legends;
        this.modules = modules;
    }

    /** @param description of the proxy; null: none */
    void write(final List<StatRow> rows, final String description) {
        form = admin && rows.stream().anyMatch(row -> row.type() == StatRow.Type.SERVER);
        final String name = rows.getFirst().text(StatField.PXNAME);
        html.markup("<h2").attribute("id", name).markup(">").text(name).markup("</h2>\n");
        if (description != null) {
            html.markup("<p class=\"desc\">").text(description).markup("</p>\n");
        }
        if (form) {
            html.markup("<form method=\"post\"").attribute("action", page.uri(page.up(), page.noRefresh(), ""))
                    .markup(">\n");
        }
        html.markup("<table class=\"proxy\"><tr>").markup(form ? "<th rowspan=\"2\"></th>" : "")
                .markup("<th rowspan=\"2\"></th>").markup(HEADER).markup(modules ? "<th>Modules</th>" : "")
                .markup("</tr>\n");
        rows.forEach(this::row);
        html.markup("</table>\n");
        if (form) {
            actions(rows.getFirst().proxyId());
        }
    }

    private void actions(final int proxyId) {
        html.markup("<p>Choose the action to perform on the checked servers: <select name=\"action\">"
                + "<option value=\"\"></option>");
        for (final String[] action : ACTIONS) {
            html.markup("<option").attribute("value", action[0]).markup(">").text(action[1]).markup("</option>");
        }
        html.markup("</select><input type=\"hidden\" name=\"b\"").attribute("value", "#" + proxyId)
                .markup("> <input type=\"submit\" value=\"Apply\"></p></form>\n");
    }

    private void row(final StatRow row) {
        final boolean server = row.type() == StatRow.Type.SERVER;
        html.markup("<tr").attribute("class", styleOf(row)).markup(">");
        if (form) {
            html.markup("<td>");
            if (server) {
                html.markup("<input type=\"checkbox\" name=\"s\"").attribute("value", row.text(StatField.SVNAME))
                        .markup(">");
            }
            html.markup("</td>");
        }
        html.markup("<td class=\"name\"").attribute("id",
                row.text(StatField.PXNAME) + "/" + row.text(StatField.SVNAME));
        if (legends && row.type() != StatRow.Type.FRONTEND) {
            html.attribute("title", legend(row));
        }
        html.markup(">").text(title(row)).markup("</td>");
        for (final StatField field : NUMBERS) {
            html.cell(row.text(field), tip(row, field));
        }
        html.cell(last(row));
        for (final StatField field : MORE_NUMBERS) {
            html.cell(row.text(field), field == StatField.BOUT && row.number(StatField.COMP_RSP) > 0
                    ? "compressed " + row.text(StatField.COMP_IN) + " to " + row.text(StatField.COMP_OUT)
                    : "");
        }
        state(row, server);
        if (modules) {
            html.cell(modules(row));
        }
        html.markup("</tr>\n");
    }

    private static String title(final StatRow row) {
        return switch (row.type()) {
            case FRONTEND -> "Frontend";
            case BACKEND -> "Backend";
            default -> row.text(StatField.SVNAME);
        };
    }

    /** Of all but frontends, which have nothing that isn't in their columns. */
    private static String legend(final StatRow row) {
        final String cookie = row.get(StatField.COOKIE) == null ? "" : ", cookie: '" + row.text(StatField.COOKIE) + "'";
        return (row.type() == StatRow.Type.BACKEND
                ? "balancing: " + row.text(StatField.ALGO)
                : row.text(StatField.ADDR) + ", id: " + row.id()) + cookie;
    }

    private static String tip(final StatRow row, final StatField field) {
        if (field == StatField.STOT && row.get(StatField.REQ_TOT) != null) {
            return "HTTP requests: " + row.text(StatField.REQ_TOT) + ", 1xx: " + row.text(StatField.HRSP_1XX)
                    + ", 2xx: "
                    + row.text(StatField.HRSP_2XX) + ", 3xx: " + row.text(StatField.HRSP_3XX) + ", 4xx: "
                    + row.text(StatField.HRSP_4XX) + ", 5xx: " + row.text(StatField.HRSP_5XX) + ", other: "
                    + row.text(StatField.HRSP_OTHER) + times(row);
        }
        if (field == StatField.SCUR && row.get(StatField.USED_CONN_CUR) != null) {
            return "connections in use: " + row.text(StatField.USED_CONN_CUR) + ", idle: "
                    + row.text(StatField.SRV_ICUR)
                    + ", of these safe: " + row.text(StatField.SAFE_CONN_CUR);
        }
        if (field == StatField.RATE && row.get(StatField.REQ_RATE) != null) {
            return "connections: " + row.text(StatField.CONN_RATE) + "/s, requests: " + row.text(StatField.REQ_RATE)
                    + "/s";
        }
        return "";
    }

    private static String times(final StatRow row) {
        return row.get(StatField.QTIME) == null
                ? ""
                : "; average ms: queue " + row.text(StatField.QTIME) + ", connect "
                        + row.text(StatField.CTIME) + ", response " + row.text(StatField.RTIME) + ", total "
                        + row.text(StatField.TTIME);
    }

    private static String last(final StatRow row) {
        final Metric seconds = row.get(StatField.LASTSESS);
        return seconds == null ? "" : seconds.number() < 0 ? "?" : HtmlTimes.text(seconds.number());
    }

    private void state(final StatRow row, final boolean server) {
        final String since = row.get(StatField.LASTCHG) == null
                ? ""
                : HtmlTimes.text(row.number(StatField.LASTCHG)) + " ";
        html.markup("<td class=\"state\">").text(since + row.text(StatField.STATUS)).markup("</td>");
        if (row.get(StatField.TRACKED) != null) {
            html.cell("via " + row.text(StatField.TRACKED));
        } else {
            html.cell(check(row), row.text(StatField.LAST_CHK));
        }
        html.cell(row.get(StatField.WEIGHT) == null
                ? ""
                : row.text(StatField.WEIGHT) + "/" + row.text(StatField.UWEIGHT));
        if (server) {
            html.cell(row.number(StatField.ACT) > 0 ? "Y" : "-").cell(row.number(StatField.BCK) > 0 ? "Y" : "-");
        } else {
            html.cell(row.text(StatField.ACT)).cell(row.text(StatField.BCK));
        }
        html.cell(row.text(StatField.CHKFAIL)).cell(row.text(StatField.CHKDOWN));
        html.cell(row.get(StatField.DOWNTIME) == null ? "" : HtmlTimes.text(row.number(StatField.DOWNTIME)));
        html.cell(row.get(StatField.THROTTLE) == null ? "" : row.text(StatField.THROTTLE) + " %");
    }

    private static String check(final StatRow row) {
        if (row.get(StatField.CHECK_STATUS) == null) {
            return "";
        }
        return row.text(StatField.CHECK_STATUS)
                + (row.get(StatField.CHECK_CODE) == null ? "" : "/" + row.text(StatField.CHECK_CODE))
                + (row.get(StatField.CHECK_DURATION) == null ? "" : " in " + row.text(StatField.CHECK_DURATION) + "ms");
    }

    private static String modules(final StatRow row) {
        final StringBuilder text = new StringBuilder();
        for (final StatField field : StatField.values()) {
            if (field.ofProtocol() && row.get(field) != null) {
                text.append(text.isEmpty() ? "" : ", ").append(field.text()).append('=').append(row.text(field));
            }
        }
        return text.toString();
    }

    private static String styleOf(final StatRow row) {
        return switch (row.type()) {
            case FRONTEND -> "frontend";
            case BACKEND -> "backend";
            case LISTENER -> "socket";
            case SERVER -> styleOf(row.text(StatField.STATUS));
        };
    }

    /** By what a server's status begins with; what comes up or goes down has steps behind it. */
    private static String styleOf(final String status) {
        if (status.startsWith("MAINT")) {
            return "maint";
        }
        if (status.startsWith("DRAIN")) {
            return "drain";
        }
        if (status.startsWith("NOLB")) {
            return "nolb";
        }
        if ("no check".equals(status)) {
            return "nocheck";
        }
        if (status.indexOf('/') > 0) {
            return "going";
        }
        return status.startsWith("UP") ? "up" : "down";
    }
}
