package io.netchannel.tcpip.multicast;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.link.MulticastGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Tells routers which groups a host listens to: the host's part of RFC 3376, 5 and, word for word the same, RFC 3810, 6;
 * and RFC 2236 and 2710 while an older querier is on the link.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class GroupReporter {

    /** Of each family, those included that were left and are still to be told. */
    static final int MAX_GROUPS = MulticastGroups.MAX_GROUPS;
    /** Of one group, so that a record fits any packet; Linux's mld_max_msf. */
    static final int MAX_SOURCES = 64;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int DEFAULT_ROBUSTNESS = 2;
    private static final long DEFAULT_QUERY_INTERVAL_NS = 125 * SECOND_NS;
    /** RFC 3376, 8.11: Unsolicited Report Interval; RFC 2236, 8.10 has the older one. */
    private static final long UNSOLICITED_REPORT_INTERVAL_NS = SECOND_NS;
    private static final long OLD_UNSOLICITED_REPORT_INTERVAL_NS = 10 * SECOND_NS;
    /** RFC 3376, 8.3: default of the Query Response Interval, which a query of version 1 doesn't say. */
    static final long QUERY_RESPONSE_INTERVAL_NS = 10 * SECOND_NS;

    private final GroupMessages messages;
    private final TimerWheel timers;
    private final RandomGenerator random;
    private final List<Group> groups = new ArrayList<>();
    private final AddressSet allowed = new AddressSet();
    private final AddressSet blocked = new AddressSet();
    private final Timer generalResponse = new GeneralResponse();
    private final Timer changes = new Changes();
    private final Timer telling = new Telling();
    private final Timer oldQuerier = new QuerierPresent();
    private final Timer oldestQuerier = new QuerierPresent();
    private int robustness = DEFAULT_ROBUSTNESS;
    private long queryIntervalNs = DEFAULT_QUERY_INTERVAL_NS;
    private boolean started;

    GroupReporter(final GroupMessages messages, final TimerWheel timers, final RandomGenerator random) {
        this.messages = messages;
        this.timers = timers;
        this.random = random;
    }

    GroupVersion version() {
        return oldestQuerier.isArmed()
                ? GroupVersion.REPORT_ONLY
                : oldQuerier.isArmed() ? GroupVersion.REPORT_AND_LEAVE : GroupVersion.SOURCE_FILTERING;
    }

    int groupCount() {
        return groups.size();
    }

    /** @return the group, or null */
    Group find(final long high, final long low) {
        for (int i = 0; i < groups.size(); i++) {
            final Group group = groups.get(i);
            if (group.low == low && group.high == high) {
                return group;
            }
        }
        return null;
    }

    /** @return the group, made if there was none, or null if there are too many */
    Group findOrCreate(final long high, final long low) {
        final Group known = find(high, low);
        if (known != null || groups.size() >= MAX_GROUPS && !evictLeft()) {
            return known;
        }
        final Group group = new Group(this, high, low);
        groups.add(group);
        return group;
    }

    /** Gives up telling that a group was left, for one that is joined. */
    private boolean evictLeft() {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).memberships.isEmpty()) {
                timers.cancel(groups.get(i));
                groups.remove(i);
                return true;
            }
        }
        return false;
    }

    /** From now on routers are told. */
    void start(final long nowNs) {
        started = true;
        tellChanges(nowNs);
    }

    /** Tells all again: what went out before had no valid source address (RFC 3810, 5.2.13). */
    void repeat() {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).told = false;
        }
        scheduleTelling();
    }

    void stop() {
        for (final Group group : groups) {
            timers.cancel(group);
        }
        timers.cancel(telling);
        timers.cancel(generalResponse);
        timers.cancel(changes);
        timers.cancel(oldQuerier);
        timers.cancel(oldestQuerier);
        started = false;
    }

    // -- changes

    /** The users' wishes have changed: routers are told with the next run of the timers, of all of this turn at once. */
    void onChange(final Group group) {
        group.merge(robustness);
        if (!messages.isReported(group.high, group.low)) {
            group.forgetChanges();
            removeIfOver(group);
            return;
        }
        group.fresh = true;
        scheduleTelling();
    }

    private void scheduleTelling() {
        if (started) {
            timers.schedule(telling, Long.MIN_VALUE);
        }
    }

    private void tellChanges(final long nowNs) {
        final boolean filtering = version() == GroupVersion.SOURCE_FILTERING;
        for (int i = groups.size() - 1; i >= 0; i--) {
            final Group group = groups.get(i);
            final boolean listening = group.isListening();
            if (!messages.isReported(group.high, group.low)) {
                continue;
            }
            if (listening && !group.told) {
                tellJoined(group, nowNs);
            } else if (filtering && group.fresh) {
                // RFC 3376, 5.1: at once, whatever else waits.
                addChanges(group);
            } else if (!filtering && !listening && group.told) {
                tellLeft(group);
            }
            group.told = listening;
            group.fresh = false;
            if (!filtering) {
                group.forgetChanges();
            }
            removeIfOver(group);
        }
        messages.sendReport();
        scheduleChanges(nowNs);
    }

    private void tellJoined(final Group group, final long nowNs) {
        if (version() == GroupVersion.SOURCE_FILTERING) {
            group.tellJoined(robustness);
            addChanges(group);
        } else {
            // RFC 2236, 3: once, and again in case it is lost; as responses, which others' reports suppress.
            sendOldReport(group);
            group.oldReports = robustness - 1;
            if (group.oldReports > 0) {
                timers.schedule(group, nowNs + delayUpTo(OLD_UNSOLICITED_REPORT_INTERVAL_NS));
            }
        }
    }

    private void tellLeft(final Group group) {
        timers.cancel(group);
        // RFC 2236, 6: whoever heard another's report since may go silently. Version 1 has no word for it.
        if (group.lastReporter && version() == GroupVersion.REPORT_AND_LEAVE) {
            messages.sendLeave(group.high, group.low);
        }
    }

    private void sendOldReport(final Group group) {
        group.lastReporter = true;
        messages.sendOldReport(version(), group.high, group.low);
    }

    private void removeIfOver(final Group group) {
        if (group.memberships.isEmpty() && !group.hasChanges() && !group.fresh) {
            timers.cancel(group);
            groups.remove(group);
        }
    }

    private void addChanges(final Group group) {
        if (group.modeRetransmits > 0) {
            group.modeRetransmits--;
            messages.addRecord(group.mode == FilterMode.EXCLUDE
                    ? RecordType.CHANGE_TO_EXCLUDE
                    : RecordType.CHANGE_TO_INCLUDE, group.high, group.low, group.sources);
            return;
        }
        group.takeChanges(allowed, blocked);
        if (!allowed.isEmpty()) {
            messages.addRecord(RecordType.ALLOW_NEW_SOURCES, group.high, group.low, allowed);
        }
        if (!blocked.isEmpty()) {
            messages.addRecord(RecordType.BLOCK_OLD_SOURCES, group.high, group.low, blocked);
        }
    }

    private void onChangesDue(final long nowNs) {
        for (int i = groups.size() - 1; i >= 0; i--) {
            addChanges(groups.get(i));
            removeIfOver(groups.get(i));
        }
        messages.sendReport();
        scheduleChanges(nowNs);
    }

    private void scheduleChanges(final long nowNs) {
        boolean more = false;
        for (int i = 0; i < groups.size(); i++) {
            more |= groups.get(i).hasChanges();
        }
        if (more && !changes.isArmed()) {
            timers.schedule(changes, nowNs + delayUpTo(UNSOLICITED_REPORT_INTERVAL_NS));
        }
    }

    private long delayUpTo(final long maxNs) {
        return maxNs <= 0 ? 0 : random.nextLong(maxNs) + 1;
    }

    // -- queries

    void onQuery(final GroupQuery query, final long nowNs) {
        if (!started) {
            return;
        }
        if (query.version != GroupVersion.SOURCE_FILTERING) {
            onOldQuerier(query, nowNs);
        } else {
            robustness = query.robustness == 0 ? DEFAULT_ROBUSTNESS : query.robustness;
            queryIntervalNs = query.intervalNs == 0 ? DEFAULT_QUERY_INTERVAL_NS : query.intervalNs;
        }
        final long dueNs = nowNs + delayUpTo(query.maxResponseNs);
        if (version() != GroupVersion.SOURCE_FILTERING) {
            for (int i = 0; i < groups.size(); i++) {
                final Group group = groups.get(i);
                if (group.isListening() && messages.isReported(group.high, group.low)
                        && (query.isGeneral() || group.low == query.low && group.high == query.high)) {
                    respondBy(group, nowNs + delayUpTo(query.maxResponseNs));
                }
            }
            return;
        }
        // RFC 3376, 5.2, 1: a response to everything that comes sooner answers this too.
        if (generalResponse.isArmed() && generalResponse.deadlineNs() <= dueNs) {
            return;
        }
        if (query.isGeneral()) {
            timers.schedule(generalResponse, dueNs);
            return;
        }
        final Group group = find(query.high, query.low);
        if (group != null && group.isListening() && messages.isReported(group.high, group.low)) {
            noteQueried(group, query);
            respondBy(group, dueNs);
        }
    }

    /** RFC 3376, 5.2, 3 to 5: sources add up; a question for the whole group includes them all. */
    private void noteQueried(final Group group, final GroupQuery query) {
        final boolean whole = group.isArmed() && group.queried.isEmpty() || query.sources.isEmpty();
        if (whole) {
            group.queried.clear();
            return;
        }
        if (!group.isArmed()) {
            group.queried.clear();
        }
        group.queried.addAll(query.sources);
        if (group.queried.count() > MAX_SOURCES) {
            group.queried.clear();
        }
    }

    private void respondBy(final Group group, final long dueNs) {
        if (!group.isArmed() || group.deadlineNs() > dueNs) {
            timers.schedule(group, dueNs);
        }
    }

    /** RFC 3376, 7.2.1: for a while everything is said in the older words; what was to be said in others is not. */
    private void onOldQuerier(final GroupQuery query, final long nowNs) {
        final GroupVersion before = version();
        final Timer timer = query.version == GroupVersion.REPORT_ONLY ? oldestQuerier : oldQuerier;
        timers.schedule(timer, nowNs + robustness * queryIntervalNs + (query.version == GroupVersion.REPORT_ONLY
                ? QUERY_RESPONSE_INTERVAL_NS
                : query.maxResponseNs));
        if (version() != before) {
            onVersionChange();
        }
    }

    private void onVersionChange() {
        timers.cancel(generalResponse);
        timers.cancel(changes);
        for (int i = groups.size() - 1; i >= 0; i--) {
            final Group group = groups.get(i);
            timers.cancel(group);
            group.forgetChanges();
            removeIfOver(group);
        }
    }

    void onResponseDue(final Group group, final long nowNs) {
        if (version() != GroupVersion.SOURCE_FILTERING) {
            sendOldReport(group);
            if (group.oldReports > 0 && --group.oldReports > 0) {
                timers.schedule(group, nowNs + delayUpTo(OLD_UNSOLICITED_REPORT_INTERVAL_NS));
            }
            return;
        }
        if (group.queried.isEmpty()) {
            addCurrentState(group);
        } else {
            // RFC 3376, 5.2: of the sources that were asked for, those that are listened to.
            if (group.mode == FilterMode.INCLUDE) {
                group.queried.retainAll(group.sources);
            } else {
                group.queried.removeAll(group.sources);
            }
            if (!group.queried.isEmpty()) {
                messages.addRecord(RecordType.MODE_IS_INCLUDE, group.high, group.low, group.queried);
            }
            group.queried.clear();
        }
        messages.sendReport();
    }

    private void addCurrentState(final Group group) {
        if (group.mode == FilterMode.EXCLUDE) {
            messages.addRecord(RecordType.MODE_IS_EXCLUDE, group.high, group.low, group.sources);
        } else if (!group.sources.isEmpty()) {
            messages.addRecord(RecordType.MODE_IS_INCLUDE, group.high, group.low, group.sources);
        }
    }

    /** Another host has reported a group in the older words: that is enough for the router (RFC 2236, 3). */
    void onOldReport(final long high, final long low) {
        final Group group = find(high, low);
        if (group != null && version() != GroupVersion.SOURCE_FILTERING) {
            timers.cancel(group);
            group.oldReports = 0;
            group.lastReporter = false;
        }
    }

    private final class GeneralResponse extends Timer {

        @Override
        protected void expire(final long nowNs) {
            for (int i = 0; i < groups.size(); i++) {
                if (messages.isReported(groups.get(i).high, groups.get(i).low)) {
                    addCurrentState(groups.get(i));
                }
            }
            messages.sendReport();
        }
    }

    private final class Telling extends Timer {

        @Override
        protected void expire(final long nowNs) {
            tellChanges(nowNs);
        }
    }

    private final class Changes extends Timer {

        @Override
        protected void expire(final long nowNs) {
            onChangesDue(nowNs);
        }
    }

    /** While it runs there is a querier of an older version; the next query of today's finds today's words again. */
    private final class QuerierPresent extends Timer {

        @Override
        protected void expire(final long nowNs) {
            onVersionChange();
        }
    }
}
