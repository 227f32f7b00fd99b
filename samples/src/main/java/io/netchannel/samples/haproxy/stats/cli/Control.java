package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.expression.pattern.PatternReferences;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.stats.Statistics;
import java.util.ArrayList;
import java.util.List;

/** What commands show and change: all sessions share it. Threading: the proxy's loop. */
public final class Control {

    private final Statistics statistics;
    private final Commands commands = Commands.create();
    private final List<BindSettings> sockets = new ArrayList<>();
    private final Master master;

    public Control(final Statistics statistics, final Master master) {
        this.statistics = statistics;
        this.master = master;
    }

    Statistics statistics() {
        return statistics;
    }

    ProxyServer proxies() {
        return statistics.proxies();
    }

    PatternReferences patterns() {
        return PatternReferences.of(proxies().configuration());
    }

    Commands commands() {
        return commands;
    }

    Master master() {
        return master;
    }

    List<BindSettings> sockets() {
        return sockets;
    }

    void opened(final BindSettings socket) {
        sockets.add(socket);
    }

    /** {@code NAME} or {@code #ID}; null: there is none. */
    Backend backend(final String name) {
        if (name.startsWith("#")) {
            return proxies().backends().stream().filter(each -> name.equals("#" + each.id())).findFirst().orElse(null);
        }
        return proxies().backend(name);
    }

    /** {@code BACKEND/SERVER} as it stands in a command; says itself what is wrong. @return null then */
    Server server(final Call call, final int word) {
        final String text = call.word(word);
        final int slash = text.indexOf('/');
        if (slash < 0) {
            call.error("Require 'backend/server'.");
            return null;
        }
        final Backend backend = backend(text.substring(0, slash));
        if (backend == null) {
            call.error("No such backend.");
            return null;
        }
        final String name = text.substring(slash + 1);
        final Server server = backend.servers().stream()
                .filter(each -> name.equals(each.name()) || name.equals("#" + each.id())).findFirst().orElse(null);
        if (server == null) {
            call.error("No such server.");
        }
        return server;
    }
}
