package io.netchannel.samples.haproxy.check;

import java.util.Locale;

/** A line of an agent: words that say how its server is (configuration manual, agent-check). */
final class AgentAnswer {

    private final ServerHealth server;
    private String health;
    private String admin;
    private String weight;
    private String maxConnections;
    private String unknown;
    private String text = "";

    private AgentAnswer(final ServerHealth server) {
        this.server = server;
    }

    /** Does what the words say; what they say of health is the outcome. */
    static Step.Outcome read(final ServerHealth server, final String data, final boolean last) {
        int end = 0;
        while (end < data.length() && data.charAt(end) != '\n' && data.charAt(end) != '\r') {
            end++;
        }
        if (end == data.length()) {
            return last ? new Step.Outcome(server.agent().status(), 0, "Ignoring incomplete line from agent") : null;
        }
        final AgentAnswer answer = new AgentAnswer(server);
        answer.words(data.substring(0, end));
        return answer.apply();
    }

    private void words(final String line) {
        int at = 0;
        while (at < line.length()) {
            final char c = line.charAt(at);
            if (isBlank(c) || c == ',') {
                at++;
                continue;
            }
            if (c == '#') {
                text = line.substring(at + 1).strip();
                return;
            }
            int end = at;
            while (end < line.length() && !isBlank(line.charAt(end)) && line.charAt(end) != ',') {
                end++;
            }
            word(line.substring(at, end));
            at = end;
        }
    }

    private static boolean isBlank(final char c) {
        return c == ' ' || c == '\t';
    }

    private void word(final String word) {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "up", "down", "stopped", "fail" -> health = word;
            case "ready", "drain", "maint" -> admin = word;
            default -> {
                if (Character.isDigit(word.charAt(0)) && word.contains("%")) {
                    weight = word;
                } else if (word.regionMatches(true, 0, "maxconn:", 0, 8)) {
                    maxConnections = word.substring(8);
                } else if (unknown == null) {
                    unknown = word;
                }
            }
        }
    }

    private Step.Outcome apply() {
        if (admin != null) {
            server.admin(CheckedServer.Admin.valueOf(admin.toUpperCase(Locale.ROOT)), "");
        }
        String warning = weight == null ? null : server.server().changeWeight(weight);
        if (maxConnections != null) {
            final String other = server.server().changeMaxConnections(maxConnections);
            warning = warning == null ? other : warning;
        }
        if (health == null) {
            if (unknown != null) {
                return new Step.Outcome(CheckStatus.CHECKED, 0, "agent reports an error : " + unknown);
            }
            return new Step.Outcome(CheckStatus.CHECKED, 0, warning == null ? "" : "agent warns : " + warning);
        }
        final boolean up = "up".equalsIgnoreCase(health);
        if (up) {
            server.agent().setUp();
        } else {
            server.agent().setDown();
        }
        String told = text;
        if (told.isEmpty() || up) {
            told = unknown != null ? unknown : warning != null ? warning : told;
        }
        return new Step.Outcome(up ? CheckStatus.L7OK : CheckStatus.L7STS, 0,
                "via agent : " + health + (told.isEmpty() ? "" : " (" + told + ")"));
    }
}
