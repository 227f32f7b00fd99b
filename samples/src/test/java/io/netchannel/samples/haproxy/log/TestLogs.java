package io.netchannel.samples.haproxy.log;

import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.ProxySection;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Logs in format short, kept. */
public final class TestLogs {

    private final List<String> lines = new ArrayList<>();

    public Logs of(final ProxySection proxy) {
        proxy.set(LogSettings.SERVERS, List.of(new LogServer(new LogServer.Udp(new InetSocketAddress(514)), 1_024,
                LineFormat.SHORT, null, 0, Syslog.DEBUG, Syslog.EMERG)));
        return new Logs(new GlobalSettings(), ZoneOffset.UTC, 1, () -> 0, _ -> new LineSender() {

            @Override
            public boolean send(final String line) {
                return lines.add(line.strip());
            }

            @Override
            public void close() {
                lines.clear();
            }
        });
    }

    public List<String> lines() {
        return lines;
    }
}
