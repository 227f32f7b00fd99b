package io.netchannel.tcpip;

import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.ip.InterfaceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A {@link TestHost} in virtual time, which keeps what it sent with the time, and the events of its interface. */
public final class TimedHost implements AutoCloseable {

    public static final long S = 1_000_000_000L;
    public static final long MS = 1_000_000L;

    private final TestHost host;
    private final List<Sent> sent = new ArrayList<>();
    private final List<InterfaceEvent> events = new ArrayList<>();

    /** A frame, and when it was sent. */
    public record Sent(long timeNs, Frame frame) {

        public byte[] bytes() {
            return frame.bytes();
        }
    }

    public TimedHost(final InterfaceConfig network) {
        this(NetStackConfig.of(network));
    }

    public TimedHost(final NetStackConfig config) {
        host = new TestHost(config);
        host.stack().events(events::add);
    }

    public TestHost host() {
        return host;
    }

    public NetStack stack() {
        return host.stack();
    }

    public long count(final Counter counter) {
        return host.count(counter);
    }

    public long nowNs() {
        return host.nowNs();
    }

    /** Events since the last call. */
    public List<InterfaceEvent> events() {
        final List<InterfaceEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    public <T extends InterfaceEvent> List<T> events(final Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Polls whenever the stack wants to be. @return what was sent meanwhile */
    public List<Sent> run(final long durationNs) {
        final long untilNs = host.nowNs() + durationNs;
        collect(host.poll(host.nowNs()));
        for (long next = stack().nextDeadlineNs(); next <= untilNs; next = stack().nextDeadlineNs()) {
            collect(host.poll(Math.max(next, host.nowNs())));
        }
        collect(host.poll(untilNs));
        final List<Sent> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    public List<Sent> run(final long durationNs, final Predicate<Frame> wanted) {
        return run(durationNs).stream().filter(each -> wanted.test(each.frame)).toList();
    }

    /** Receives a frame; what is sent at once is among what {@link #run} returns. */
    public void receive(final byte[] frame) {
        collect(host.receive(frame));
    }

    private void collect(final List<Frame> frames) {
        frames.forEach(frame -> sent.add(new Sent(host.nowNs(), frame)));
    }

    /** A time as the timer wheel keeps it. */
    public static long tick(final long timeNs) {
        return (timeNs + TimerWheel.RESOLUTION_NS - 1) / TimerWheel.RESOLUTION_NS * TimerWheel.RESOLUTION_NS;
    }

    @Override
    public void close() {
        host.close();
    }
}
