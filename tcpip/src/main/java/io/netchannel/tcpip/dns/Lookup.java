package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Rcode;

/**
 * One question, asked of the servers in turn until one answers.
 *
 * <p>Each attempt has a source port and an identification of its own, both random (RFC 5452, 9.2), and its socket is
 * connected: what comes from elsewhere does not reach it.
 */
final class Lookup implements UdpHandler {

    private static final int PORT = 53;
    private static final int MAX_ALIASES = 8;

    private final Resolver resolver;
    private final ResolverConfig config;
    private final DnsQuestion question;
    private final int firstServer;
    private final List<Request> waiting = new ArrayList<>();
    /** The question itself, or what it is an alias of. */
    private DnsQuestion asked;
    private int aliases;
    private long aliasTtlSeconds = Long.MAX_VALUE;
    private int attempt = -1;
    private boolean edns = true;
    private int id;
    private UdpSocket socket;
    private DnsTcpExchange exchange;
    private long deadlineNs;
    private DnsFailure lastFailure = DnsFailure.SERVERS_FAILED;
    private boolean finished;

    Lookup(final Resolver resolver, final DnsQuestion question, final int firstServer) {
        this.resolver = resolver;
        this.config = resolver.config();
        this.question = question;
        this.asked = question;
        this.firstServer = firstServer;
    }

    DnsQuestion question() {
        return question;
    }

    List<Request> waiting() {
        return waiting;
    }

    long deadlineNs() {
        return deadlineNs;
    }

    boolean isFinished() {
        return finished;
    }

    /** Asks the first server, or after a failure the next. */
    void next(final long nowNs) {
        final List<IpAddress> servers = config.servers();
        while (!finished) {
            endAttempt();
            attempt++;
            if (attempt >= servers.size() * config.attempts()) {
                finish(null, nowNs);
                return;
            }
            if (ask(nowNs)) {
                return;
            }
        }
    }

    private IpAddress server() {
        final List<IpAddress> servers = config.servers();
        return servers.get((firstServer + attempt) % servers.size());
    }

    private long timeoutNs() {
        return config.timeoutNs() << attempt / config.servers().size();
    }

    /** @return false if this server can't be asked */
    private boolean ask(final long nowNs) {
        final IpAddress server = server();
        try {
            socket = resolver.udp().connect(0, 0, 0, server.high(), server.low(), PORT, this);
        } catch (final UncheckedIOException e) {
            // No route, or no port is left.
            return false;
        }
        id = resolver.random().nextInt(1 << 16);
        final byte[] query = DnsCodec.query(asked, id, edns ? config.udpPayloadBytes() : 0);
        deadlineNs = nowNs + timeoutNs();
        resolver.increment(DnsCounter.OUT_UDP_QUERIES);
        final long address = socket.reserve(query.length);
        if (address != 0) {
            // What the link does not take now is as lost as what it loses.
            resolver.memory().copyFromArray(query, 0, address, query.length);
            socket.commit(query.length);
        }
        return true;
    }

    private void endAttempt() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
        if (exchange != null) {
            exchange.abandon();
            exchange = null;
        }
    }

    /** The deadline has passed. */
    void onTimeout(final long nowNs) {
        resolver.increment(DnsCounter.TIMEOUTS);
        lastFailure = DnsFailure.TIMED_OUT;
        next(nowNs);
    }

    // -- answers

    @Override
    public void onDatagram(final UdpSocket from, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes) {
        if (from == socket) {
            final byte[] bytes = new byte[lengthBytes];
            resolver.memory().copyToArray(address, bytes, 0, lengthBytes);
            onMessage(bytes, true);
        }
    }

    @Override
    public void onError(final UdpSocket from, final TransportError error, final long remoteHigh, final long remoteLow,
            final int remotePort, final int mtuBytes) {
        if (from == socket && error != TransportError.PACKET_TOO_BIG) {
            next(resolver.nowNs());
        }
    }

    /** TCP has failed. */
    void onExchangeFailed(final DnsTcpExchange from) {
        if (from == exchange) {
            exchange = null;
            next(resolver.nowNs());
        }
    }

    void onMessage(final byte[] bytes, final boolean udp) {
        final long nowNs = resolver.nowNs();
        switch (DnsCodec.parse(bytes, asked, id)) {
            // The right one may still come.
            case final DnsAnswer.Malformed _ -> wrong(DnsCounter.IN_ERRORS, udp, nowNs);
            case final DnsAnswer.Mismatched _ -> wrong(DnsCounter.IN_MISMATCHED, udp, nowNs);
            case final DnsAnswer.Truncated _ -> truncated(udp, nowNs);
            case final DnsAnswer.ServerFailure failure -> serverFailure(failure, nowNs);
            case final DnsAnswer.Alias alias -> alias(alias, nowNs);
            case final DnsAnswer.Addresses found -> answer(new DnsAnswer.Addresses(found.addresses(),
                    Math.min(found.ttlSeconds(), aliasTtlSeconds)), nowNs);
            case final DnsAnswer.None none -> answer(none, nowNs);
        }
    }

    private void wrong(final DnsCounter counter, final boolean udp, final long nowNs) {
        resolver.increment(counter);
        if (!udp) {
            next(nowNs);
        }
    }

    /** RFC 7766, 5: the same server, by TCP. */
    private void truncated(final boolean udp, final long nowNs) {
        resolver.increment(DnsCounter.IN_TRUNCATED);
        if (!udp) {
            next(nowNs);
            return;
        }
        endAttempt();
        resolver.increment(DnsCounter.OUT_TCP_QUERIES);
        id = resolver.random().nextInt(1 << 16);
        deadlineNs = nowNs + timeoutNs();
        exchange = new DnsTcpExchange(this, resolver.memory());
        final IpAddress server = server();
        final byte[] query = DnsCodec.query(asked, id, edns ? config.udpPayloadBytes() : 0);
        if (!exchange.open(resolver.tcp(), server.high(), server.low(), PORT, query)) {
            next(nowNs);
        } else {
            resolver.reschedule();
        }
    }

    private void serverFailure(final DnsAnswer.ServerFailure failure, final long nowNs) {
        resolver.increment(DnsCounter.IN_SERVER_FAILURES);
        lastFailure = DnsFailure.SERVERS_FAILED;
        if (edns && (failure.rcode() == Rcode.FORMERR || failure.rcode() == Rcode.NOTIMP)) {
            // RFC 6891, 7: it may not know EDNS.
            edns = false;
            attempt--;
        }
        next(nowNs);
        resolver.reschedule();
    }

    private void alias(final DnsAnswer.Alias alias, final long nowNs) {
        resolver.increment(DnsCounter.IN_ANSWERS);
        if (++aliases > MAX_ALIASES) {
            finish(null, nowNs);
            return;
        }
        aliasTtlSeconds = Math.min(aliasTtlSeconds, alias.ttlSeconds());
        asked = asked.withName(alias.target());
        attempt = -1;
        next(nowNs);
        resolver.reschedule();
    }

    private void answer(final DnsAnswer answer, final long nowNs) {
        resolver.increment(DnsCounter.IN_ANSWERS);
        finish(answer, nowNs);
    }

    private void finish(final DnsAnswer answer, final long nowNs) {
        endAttempt();
        finished = true;
        resolver.onLookupFinished(this, answer, lastFailure, nowNs);
    }

    /** Nobody waits any more. */
    void abandon() {
        finished = true;
        endAttempt();
    }
}
