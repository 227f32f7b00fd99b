package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

/**
 * Probes of an idle connection (RFC 9293, 3.8.4), and when the peer was last heard of.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class KeepAlive {

    private long idleNs;
    private long intervalNs;
    private int maxProbes;
    private boolean on;
    private boolean probeDue;
    private int probes;
    private long lastHeardNs;
    private long deadlineNs = NO_DEADLINE;

    KeepAlive(final TcpConfig config) {
        this.idleNs = config.get(TcpSetting.KEEP_ALIVE_IDLE_NS);
        this.intervalNs = config.get(TcpSetting.KEEP_ALIVE_INTERVAL_NS);
        this.maxProbes = config.getInt(TcpSetting.KEEP_ALIVE_PROBES);
    }

    boolean isOn() {
        return on;
    }

    void set(final boolean enabled, final long nowNs) {
        on = enabled;
        probes = 0;
        deadlineNs = enabled ? Math.max(nowNs, lastHeardNs + idleNs) : NO_DEADLINE;
    }

    void times(final long newIdleNs, final long newIntervalNs, final int newProbes, final long nowNs) {
        idleNs = newIdleNs;
        intervalNs = newIntervalNs;
        maxProbes = newProbes;
        if (on) {
            set(true, nowNs);
        }
    }

    /** A segment arrived. The deadline is left where it is: it finds out when it comes that it was too early. */
    void onHeard(final long nowNs) {
        lastHeardNs = nowNs;
        if (probes > 0) {
            probes = 0;
            deadlineNs = nowNs + idleNs;
        }
    }

    long lastHeardNs() {
        return lastHeardNs;
    }

    long nextDeadlineNs() {
        return deadlineNs;
    }

    /**
     * @param busy something is in flight or waits, so that the sender's timer watches over the peer
     * @param userTimeoutNs of silence after which the peer is given up in the place of a number of probes; or 0
     * @return false if the peer has answered none of the probes
     */
    boolean onTimer(final boolean busy, final long userTimeoutNs, final long nowNs) {
        if (nowNs < deadlineNs) {
            return true;
        }
        if (busy) {
            deadlineNs = nowNs + idleNs;
        } else if (nowNs - lastHeardNs < idleNs) {
            deadlineNs = lastHeardNs + idleNs;
        } else if (userTimeoutNs == 0 ? probes >= maxProbes : probes > 0 && nowNs - lastHeardNs >= userTimeoutNs) {
            return false;
        } else {
            probes++;
            probeDue = true;
            deadlineNs = nowNs + intervalNs;
        }
        return true;
    }

    void info(final TcpInfo into, final long nowNs) {
        into.set(TcpInfo.Field.PROBES, probes);
        into.set(TcpInfo.Field.LAST_ACK_RECV, (nowNs - lastHeardNs) / 1_000_000);
    }

    boolean takeProbe() {
        final boolean due = probeDue;
        probeDue = false;
        return due;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        idleNs = image.of(idleNs);
        intervalNs = image.of(intervalNs);
        maxProbes = image.of(maxProbes);
        on = image.of(on);
        probeDue = image.of(probeDue);
        probes = image.of(probes);
        lastHeardNs = image.of(lastHeardNs);
        deadlineNs = image.of(deadlineNs);
    }
}
