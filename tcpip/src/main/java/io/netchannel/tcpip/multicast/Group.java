package io.netchannel.tcpip.multicast;

import io.netchannel.kernel.sched.Timer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * State of an interface for one group (RFC 3376, 3.2 and 5; RFC 3810, 4.2 and 6), and what of it is still to be told.
 *
 * <p>The timer is that of a response to a query for this group.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Group extends Timer {

    final GroupReporter reporter;
    final long high;
    final long low;
    final List<Membership> memberships = new ArrayList<>();
    final AddressSet sources = new AddressSet();
    /** Of those who listen to all; or null. */
    Membership anySource;
    /** Sources that were asked for; none asks for all. */
    final AddressSet queried = new AddressSet();
    /** Sources whose change is still to be told, and how often each. */
    private final AddressSet changed = new AddressSet();
    private int[] retransmits = new int[2];
    private final AddressSet before = new AddressSet();
    FilterMode mode = FilterMode.INCLUDE;
    /** How often the change of the mode is still to be told. */
    int modeRetransmits;
    /** How often the group is still to be reported to an old querier. */
    int oldReports;
    /** The last merge has not been told yet. */
    boolean fresh;
    /** Routers have been told that we listen. */
    boolean told;
    /** Nobody else has reported since we did (RFC 2236, 6: flag for the leave message). */
    boolean lastReporter;

    Group(final GroupReporter reporter, final long high, final long low) {
        this.reporter = reporter;
        this.high = high;
        this.low = low;
    }

    @Override
    protected void expire(final long nowNs) {
        reporter.onResponseDue(this, nowNs);
    }

    /** Whether anybody wants to hear anything. */
    boolean isListening() {
        return mode == FilterMode.EXCLUDE || !sources.isEmpty();
    }

    boolean hasChanges() {
        return modeRetransmits > 0 || !changed.isEmpty();
    }

    /** Whether the users' wishes make no more sources than a record can hold. */
    boolean fits() {
        final AddressSet included = new AddressSet();
        for (final Membership membership : memberships) {
            // Of those who exclude, no more are told than each excludes.
            if (membership.mode == FilterMode.INCLUDE) {
                included.addAll(membership.sources);
            }
        }
        return included.count() <= GroupReporter.MAX_SOURCES;
    }

    /** Merges the users' wishes anew (RFC 3376, 3.2). */
    void merge(final int robustness) {
        final FilterMode modeBefore = mode;
        before.set(sources);
        mode = FilterMode.INCLUDE;
        sources.clear();
        for (final Membership membership : memberships) {
            if (membership.mode == FilterMode.EXCLUDE) {
                if (mode == FilterMode.INCLUDE) {
                    mode = FilterMode.EXCLUDE;
                    sources.set(membership.sources);
                } else {
                    sources.retainAll(membership.sources);
                }
            }
        }
        for (final Membership membership : memberships) {
            if (membership.mode == FilterMode.INCLUDE) {
                if (mode == FilterMode.EXCLUDE) {
                    sources.removeAll(membership.sources);
                } else {
                    sources.addAll(membership.sources);
                }
            }
        }
        noteChanges(modeBefore, robustness);
    }

    /** RFC 3376, 5.1: a change of the mode supersedes all; else the difference of the lists is told. */
    private void noteChanges(final FilterMode modeBefore, final int robustness) {
        if (mode != modeBefore) {
            modeRetransmits = robustness;
            changed.clear();
            return;
        }
        for (int i = 0; i < before.count(); i++) {
            if (!sources.contains(before.high(i), before.low(i))) {
                noteChange(before.high(i), before.low(i), robustness);
            }
        }
        for (int i = 0; i < sources.count(); i++) {
            if (!before.contains(sources.high(i), sources.low(i))) {
                noteChange(sources.high(i), sources.low(i), robustness);
            }
        }
    }

    private void noteChange(final long sourceHigh, final long sourceLow, final int robustness) {
        // What changed and changed again while others still were to be told is bounded too: the whole is told instead.
        if (changed.count() >= GroupReporter.MAX_SOURCES && !changed.contains(sourceHigh, sourceLow)) {
            tellAll(robustness);
            return;
        }
        changed.add(sourceHigh, sourceLow);
        if (retransmits.length < changed.count()) {
            retransmits = Arrays.copyOf(retransmits, 2 * retransmits.length);
        }
        retransmits[changed.indexOf(sourceHigh, sourceLow)] = robustness;
    }

    /** Has the present state told as if the mode had just changed to it. */
    private void tellAll(final int robustness) {
        modeRetransmits = robustness;
        changed.clear();
    }

    /** Has all told from nothing: an empty INCLUDE list. */
    void tellJoined(final int robustness) {
        forgetChanges();
        if (mode == FilterMode.EXCLUDE) {
            tellAll(robustness);
            return;
        }
        for (int i = 0; i < sources.count(); i++) {
            noteChange(sources.high(i), sources.low(i), robustness);
        }
    }

    void forgetChanges() {
        modeRetransmits = 0;
        changed.clear();
        oldReports = 0;
    }

    /** Takes the next round of changes: the sources that are allowed from now on, or that are blocked. */
    void takeChanges(final AddressSet allowed, final AddressSet blocked) {
        allowed.clear();
        blocked.clear();
        for (int i = changed.count() - 1; i >= 0; i--) {
            final boolean listed = sources.contains(changed.high(i), changed.low(i));
            (listed == (mode == FilterMode.INCLUDE) ? allowed : blocked).add(changed.high(i), changed.low(i));
            if (--retransmits[i] == 0) {
                changed.removeAt(i);
                retransmits[i] = retransmits[changed.count()];
            }
        }
    }
}
