package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.CongestionControl;
import io.netchannel.tcpip.tcp.recovery.DeliveryRate;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.FlightImage;
import io.netchannel.tcpip.tcp.recovery.LossRecovery;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer;
import io.netchannel.tcpip.tcp.recovery.RttEstimator;
import io.netchannel.tcpip.tcp.recovery.TailLossProbe;

/**
 * The parts of one {@link TcpSender}, each of which knows those made before it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendParts {

    final RttEstimator rtt;
    final Flight flight;
    final RetransmissionTimer timer;
    final TailLossProbe probe;
    final DeliveryRate rate;
    final LossRecovery recovery;
    final SendWindow window = new SendWindow();
    final SendPolicy policy;
    final Pacing pacing;
    final WindowUsage usage;
    final WindowProbe windowProbe;
    final RetryLimit limit;
    final MtuProbe mtu;
    final BusyTimes times = new BusyTimes();

    SendParts(final FlowSettings settings, final CongestionControl congestion, final TcpCounters counters) {
        final TcpConfig config = settings.config;
        rtt = new RttEstimator(config.get(TcpSetting.INITIAL_RTO_NS), config.get(TcpSetting.MIN_RTO_NS),
                config.get(TcpSetting.MAX_RTO_NS));
        flight = new Flight(config, rtt, counters, congestion);
        timer = new RetransmissionTimer(flight);
        probe = new TailLossProbe(flight, timer, config);
        rate = new DeliveryRate(flight);
        recovery = new LossRecovery(flight, timer, probe, rate, config);
        policy = new SendPolicy(flight, window, settings);
        pacing = new Pacing(flight, settings);
        usage = new WindowUsage(flight, config);
        windowProbe = new WindowProbe(flight, timer, settings);
        limit = new RetryLimit(flight, settings);
        mtu = new MtuProbe(flight, window, config);
    }

    /**
     * See {@link ConnectionImage}; not with anything in flight, or the timer armed.
     *
     * @return as {@link FlightImage#keep}
     */
    boolean keep(final ConnectionImage image) {
        rtt.keep(image);
        probe.keep(image);
        rate.keep(image);
        recovery.keep(image);
        window.keep(image);
        policy.keep(image);
        pacing.keep(image);
        usage.keep(image);
        windowProbe.keep(image);
        mtu.keep(image);
        times.keep(image);
        return FlightImage.keep(flight, image);
    }
}
