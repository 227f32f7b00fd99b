package io.netchannel.tcpip;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.DropReason;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketMemory;

/**
 * Decides whether a datagram that was put together from fragments is this stack's.
 *
 * <p>A fragment may not say which flow it is of, so every loop gets a copy of each, and puts the datagram together. Then it
 * is classified as a frame from the link is, and by the same rules; each loop comes to the same result, and only the one
 * that it names goes on.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReassembledSteering {

    private final FlowClassifier classifier;
    private final int loop;
    /** There is no other loop, or nobody has said how datagrams are shared. */
    private final boolean takesAll;
    private final Counters counters;

    ReassembledSteering(final PacketMemory packets, final FlowSteering steering, final Counters counters) {
        this.counters = counters;
        this.takesAll = steering.classifier() == null;
        this.loop = steering.loop();
        this.classifier = takesAll
                ? new FlowClassifier(packets, steering.hash(), new RssIndirection(1), new ListenerTable(),
                        new FlowTable[]{steering.flows()}, FlowFilter.PERMIT_ALL, new DropCounters())
                : steering.classifier();
    }

    /** Validates the datagram and fills in its metadata. @return whether this stack is to go on with it */
    boolean isOurs(final long packet) {
        return switch (classifier.classify(packet)) {
            case Verdict.DELIVER -> takesAll || classifier.loop() == loop;
            case Verdict.CONTROL_UNKNOWN -> takesAll || loop == 0;
            case Verdict.CONTROL_BROADCAST -> true;
            case Verdict.CONTROL_FRAGMENT -> {
                // A fragment header within a fragment: no sender makes one.
                counters.increment(Counter.IP6_IN_HDR_ERRORS);
                yield false;
            }
            default -> {
                countDrop();
                yield false;
            }
        };
    }

    private void countDrop() {
        final FlowKey key = classifier.key();
        if (classifier.dropReason() == DropReason.BAD_TRANSPORT_CHECKSUM && key.protocol() == FlowKey.UDP) {
            counters.increment(Counter.UDP_IN_CSUM_ERRORS);
            counters.increment(Counter.UDP_IN_ERRORS);
        } else {
            counters.increment(key.isIpv4() ? Counter.IP_IN_DISCARDS : Counter.IP6_IN_DISCARDS);
        }
    }
}
