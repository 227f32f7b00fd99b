package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.tls.BindTls;

/** A socket that a frontend's connections come in by. */
public final class Listener {

    private static final int DEFAULT_BACKLOG = 1024;

    private final Frontend frontend;
    private final BindSettings settings;
    private final Address address;
    private final int id;
    private final int maxConnections;
    private final SocketOptions socketOptions;
    private final Counters counters = new Counters();
    private ListeningSocket socket;
    private int sessions;

    Listener(final Frontend frontend, final BindSettings settings, final Address address, final int id) {
        this.frontend = frontend;
        this.settings = settings;
        this.address = address;
        this.id = id;
        this.socketOptions = SocketOptions.ofClients(settings, frontend.section(), frontend.owner().configuration()
                .global());
        this.maxConnections = settings.get(ListenerTraffic.MAXCONN);
    }

    public Frontend frontend() {
        return frontend;
    }

    public BindSettings settings() {
        return settings;
    }

    SocketOptions socketOptions() {
        return socketOptions;
    }

    public Address address() {
        return address;
    }

    /** Of {@code name}, or null. */
    public String name() {
        return settings.get(ListenerTraffic.NAME);
    }

    public int id() {
        return id;
    }

    public Counters counters() {
        return counters;
    }

    public int sessions() {
        return sessions;
    }

    /** 0: as many as its frontend takes. */
    public int maxConnections() {
        return maxConnections;
    }

    /** The line's own, its proxy's, or as many as it may have connections (configuration manual, backlog). */
    int backlog() {
        for (final int given : new int[]{settings.get(ListenerTraffic.BACKLOG), frontend.section().get(
                TrafficSettings.BACKLOG),
            maxConnections, frontend.section().get(TrafficSettings.MAXCONN)}) {
            if (given > 0) {
                return given;
            }
        }
        return DEFAULT_BACKLOG;
    }

    public boolean isFull() {
        return maxConnections > 0 && sessions >= maxConnections;
    }

    /** Null while it doesn't listen. */
    public ListeningSocket socket() {
        return socket;
    }

    void socket(final ListeningSocket open) {
        socket = open;
    }

    void begin(final long nowMs) {
        sessions++;
        counters.connectionsTotal++;
        counters.sessionsTotal++;
        counters.sessionsMax = Math.max(counters.sessionsMax, sessions);
        counters.sessionRate.add(nowMs, 1);
        admit();
    }

    void end() {
        sessions--;
        admit();
    }

    /** Takes connections while there is room; what is too much waits in the kernel's backlog. */
    void admit() {
        if (socket != null) {
            socket.accepting((maxConnections == 0 || sessions < maxConnections) && frontend.hasRoom()
                    && (settings.get(BindTls.SETTING) == null || frontend.isWithinTlsRate()));
        }
    }

    void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
