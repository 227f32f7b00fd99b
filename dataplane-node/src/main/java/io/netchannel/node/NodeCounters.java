package io.netchannel.node;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.DropReason;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.kernel.sched.LoopCounter;
import io.netchannel.kernel.sched.LoopSwitches;
import io.netchannel.kernel.sched.LoopTime;
import io.netchannel.kernel.sched.LoopWatchdog;
import io.netchannel.kernel.sched.TimeDistribution;
import io.netchannel.kernel.sched.WatchdogCounter;
import io.netchannel.tcpip.dns.DnsCounter;
import io.netchannel.virtio.device.DeviceCounter;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.driver.DispatchCounter;
import io.netchannel.virtio.driver.DriverCounter;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.RxDispatcher;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Collects what the parts of a node count, under one naming: {@code Group.Name}. */
final class NodeCounters {

    private final Map<String, Long> counts = new TreeMap<>();

    private NodeCounters() {
    }

    static Map<String, Long> of(final List<NodeLoop> loops, final NodeThread[] threads, final NodeAssembly assembly,
            final VirtioNetDevice device, final List<Application> applications, final LoopWatchdog watchdog) {
        final NodeCounters all = new NodeCounters();
        for (final NodeLoop loop : loops) {
            loop.stack().counters().snapshot().forEach(all::add);
            loop.stack().tcp().counters().snapshot().forEach(all::add);
            for (final DnsCounter counter : DnsCounter.values()) {
                all.add(name("Dns", counter), loop.resolver().count(counter));
            }
        }
        applications.forEach(application -> application.counters().forEach(all::add));
        for (final NodeThread thread : threads) {
            for (final LoopCounter counter : LoopCounter.values()) {
                all.add("Loop." + counter.name(), thread.loop().counters().get(counter));
            }
            final LoopSwitches switches = thread.loop().switches();
            all.add("Loop.VOLUNTARY_SWITCHES", switches.voluntary());
            all.add("Loop.INVOLUNTARY_SWITCHES", switches.involuntary());
            all.add("Pool.Available", thread.pool().available());
            all.add("Pool.Capacity", thread.pool().capacity());
            all.add("Pool.Exhaustions", thread.pool().exhaustions());
        }
        if (watchdog != null) {
            for (final WatchdogCounter counter : WatchdogCounter.values()) {
                all.add("Watchdog." + counter.name(), watchdog.count(counter));
            }
        }
        for (final LoopTime what : LoopTime.values()) {
            all.add(what, threads);
        }
        for (final DropCounters drops : assembly.drops()) {
            for (final DropReason reason : DropReason.values()) {
                all.add("Classifier." + reason.name(), drops.get(reason));
            }
        }
        if (assembly.driver() != null) {
            for (int i = 0; i < assembly.driver().queuePairs(); i++) {
                final QueuePair pair = assembly.driver().queuePair(i);
                for (final DriverCounter counter : DriverCounter.values()) {
                    all.add("Driver." + counter.name(), pair.counters().get(counter));
                }
            }
        }
        for (final NetChannelProducer channel : assembly.channels()) {
            all.add("Channel.OFFERS", channel.offers());
            all.add("Channel.FULL", channel.fullRejections());
            all.add("Channel.WAKE_UPS", channel.wakeUps());
            all.add("Channel.SUPPRESSED_WAKE_UPS", channel.suppressedWakeUps());
        }
        for (final RxDispatcher dispatcher : assembly.dispatchers()) {
            for (final DispatchCounter counter : DispatchCounter.values()) {
                all.add("Dispatcher." + counter.name(), dispatcher.counters().get(counter));
            }
        }
        for (int i = 0; i < device.maxQueuePairs(); i++) {
            for (final DeviceCounter counter : DeviceCounter.values()) {
                all.add("Device.Receive." + counter.name(), device.receiveCounters(i).get(counter));
                all.add("Device.Transmit." + counter.name(), device.transmitCounters(i).get(counter));
            }
        }
        return all.counts;
    }

    /** A counter's name as SNMP would write it, like {@code Dns.CacheHits}. */
    static String name(final String group, final Enum<?> counter) {
        final StringBuilder text = new StringBuilder(group).append('.');
        for (final String word : counter.name().split("_")) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    /** Of all loops together: percentiles can't be added up. */
    private void add(final LoopTime what, final NodeThread[] threads) {
        TimeDistribution seen = TimeDistribution.empty();
        for (final NodeThread thread : threads) {
            seen = seen.plus(thread.loop().times().get(what));
        }
        final String name = "Loop." + what.name();
        counts.put(name + "_SAMPLES", seen.count());
        counts.put(name + "_MEAN_NS", seen.meanNs());
        counts.put(name + "_P50_NS", seen.percentileNs(50));
        counts.put(name + "_P99_NS", seen.percentileNs(99));
        counts.put(name + "_MAX_NS", seen.maxNs());
    }

    private void add(final String name, final long count) {
        counts.merge(name, count, Long::sum);
    }
}
