package io.netchannel.samples.haproxy.log;

import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netty.channel.IoEventLoop;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Sends messages to the log servers of proxies and of {@code global}. Threading: the proxy's loop. */
public final class Logs implements AutoCloseable {

    private final GlobalSettings global;
    private final LineHeader header;
    private final LongSupplier nowMicros;
    private final Function<LogServer.Destination, LineSender> senders;
    private final Map<LogServer.Destination, LineSender> open = new HashMap<>();
    /** Key null: {@code global}'s own. */
    private final Map<ProxySection, Target[]> targets = new IdentityHashMap<>();
    private final StringBuilder buffer = new StringBuilder(LogServer.DEFAULT_LENGTH_BYTES);
    private long dropped;

    private record Target(LogServer server, LineSender sender, Sampler sampler) {
    }

    /**
     * @param nowMicros wall clock, microseconds since 1970
     * @param senders makes one for each destination, when it is first used
     */
    Logs(final GlobalSettings global, final ZoneId zone, final long pid, final LongSupplier nowMicros,
            final Function<LogServer.Destination, LineSender> senders) {
        this.global = global;
        this.header = new LineHeader(zone, global.get(LogSettings.SEND_HOSTNAME), pid);
        this.nowMicros = nowMicros;
        this.senders = senders;
    }

    /**
     * Over the kernel's sockets, in local time.
     *
     * @param loop with channels of the kernel; messages are sent from it
     */
    public static Logs start(final GlobalSettings global, final IoEventLoop loop) {
        return new Logs(global, ZoneId.systemDefault(), ProcessHandle.current().pid(), Logs::wallMicros,
                new KernelSenders(loop));
    }

    private static long wallMicros() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    /** Whether anyone listens; null: to {@code global}'s messages. */
    public boolean hasServers(final ProxySection proxy) {
        return !servers(proxy).isEmpty();
    }

    private List<LogServer> servers(final ProxySection proxy) {
        return proxy == null ? global.get(LogSettings.GLOBAL_SERVERS) : proxy.get(LogSettings.SERVERS);
    }

    /**
     * @param proxy null: to the log servers of {@code global}
     * @param level 0 emerg … 7 debug
     */
    public void send(final ProxySection proxy, final int level, final String message) {
        send(proxy, level, message, "");
    }

    /** @param structuredData of RFC 5424, or "" */
    public void send(final ProxySection proxy, final int level, final String message, final String structuredData) {
        final Target[] all = targets.computeIfAbsent(proxy, this::open);
        if (all.length == 0) {
            return;
        }
        final String tag = tag(proxy);
        final long micros = nowMicros.getAsLong();
        final Instant now = Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000),
                Math.floorMod(micros, 1_000_000) * 1_000L);
        for (final Target target : all) {
            if (level <= target.server.level() && target.sampler.takes()) {
                buffer.setLength(0);
                header.append(buffer, target.server.format(), target.server.facility(),
                        Math.max(level, target.server.minLevel()), tag, structuredData, now);
                append(target.server, message);
                if (!target.sender.send(buffer.toString())) {
                    dropped++;
                }
            }
        }
    }

    private void append(final LogServer server, final String message) {
        buffer.append(message);
        while (!buffer.isEmpty() && (buffer.charAt(buffer.length() - 1) == '\n' || buffer.charAt(buffer.length()
                - 1) == 0)) {
            buffer.setLength(buffer.length() - 1);
        }
        // A descriptor's limit has the LF in it, a datagram's hasn't.
        final int room = server.maxLengthBytes() - (server.destination() instanceof LogServer.Descriptor ? 1 : 0);
        if (buffer.length() > room) {
            buffer.setLength(room);
        }
        buffer.append('\n');
    }

    private String tag(final ProxySection proxy) {
        final String own = proxy == null ? null : proxy.get(LogSettings.TAG);
        return own == null ? global.get(LogSettings.GLOBAL_TAG) : own;
    }

    private Target[] open(final ProxySection proxy) {
        return servers(proxy).stream().map(server -> new Target(server,
                open.computeIfAbsent(server.destination(), senders), new Sampler(server.sampling())))
                .toArray(Target[]::new);
    }

    /** Lines that could not be sent without waiting: {@code DroppedLogs} of {@code show info}. */
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {
        open.values().forEach(LineSender::close);
    }

    /** Outside the loop, when it is closed. */
    public void awaitWritten() {
        open.values().forEach(LineSender::awaitWritten);
    }
}
