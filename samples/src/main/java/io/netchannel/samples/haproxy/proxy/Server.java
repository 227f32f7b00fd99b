package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.balance.Candidate;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A server of a backend: where it is, whether it works, what it has to do, and what waits for it. */
public final class Server implements Candidate {

    /** As checks see it. */
    public enum State {
        STOPPED, STARTING, RUNNING, STOPPING
    }

    /** As an operator wants it. */
    public enum Admin {
        READY, DRAIN, MAINT
    }

    private static final int RAMP_STEPS = 20;
    private static final long MIN_RAMP_STEP_MS = 1_000;

    private final Backend backend;
    private final ServerSettings settings;
    private final int id;
    private final SocketOptions socketOptions;
    private final int initialWeight;
    private final boolean backup;
    private final int minConnections;
    private final String redirect;
    /** Null: in clear text. */
    private final ServerTls tls;
    private final ServerTraffic.ProxyHeader proxyHeader;
    private final Counters counters = new Counters();
    private final PendingQueue queue = new PendingQueue();
    private final IdlePool idle;
    /** Who has a request at it. */
    private final List<Dispatch> working = new ArrayList<>();
    private final List<Consumer<Server>> watchers = new ArrayList<>();
    private Address address;
    private String cookie;
    private int maxConnections;
    private int weight;
    private State state = State.RUNNING;
    private Admin admin = Admin.READY;
    private long changedMs;
    private long downMs;
    /** {@code slowstart}: each step gives it more of its weight and its connections. */
    private final Timeout ramp = new Timeout() {
        @Override
        void expired(final long nowMs) {
            ramp(nowMs);
        }
    };
    private int served;

    Server(final Backend backend, final ServerSettings settings, final int id) {
        this.backend = backend;
        this.settings = settings;
        this.id = id;
        this.socketOptions = SocketOptions.ofServer(settings, backend.section(), backend.owner().configuration()
                .global());
        this.address = settings.get(ServerOptions.ADDRESS);
        this.cookie = settings.get(ServerTraffic.COOKIE);
        this.initialWeight = settings.get(ServerTraffic.WEIGHT);
        this.weight = initialWeight;
        this.backup = settings.get(ServerTraffic.BACKUP);
        final int max = settings.get(ServerTraffic.MAXCONN);
        final int min = settings.get(ServerTraffic.MINCONN);
        // Alone each stands for both.
        this.maxConnections = max == 0 ? min : max;
        this.minConnections = min == 0 ? max : Math.min(min, maxConnections);
        this.redirect = settings.get(ServerTraffic.REDIRECT);
        this.tls = settings.get(ServerTls.SETTING);
        this.proxyHeader = settings.get(ServerTraffic.PROXY_HEADER);
        this.admin = settings.get(ServerTraffic.DISABLED) || settings.get(ServerOptions.UNRESOLVED)
                ? Admin.MAINT
                : Admin.READY;
        this.idle = new IdlePool(this);
        this.changedMs = backend.loop().nowMs();
    }

    public Backend backend() {
        return backend;
    }

    public ServerSettings settings() {
        return settings;
    }

    SocketOptions socketOptions() {
        return socketOptions;
    }

    public String name() {
        return settings.name();
    }

    @Override
    public int id() {
        return id;
    }

    public Address address() {
        return address;
    }

    /** Its name has no address: it is in maintenance until somebody gives it one. */
    public boolean isUnresolved() {
        return address instanceof final Address.Ip ip && ip.ip() == null;
    }

    /** Where requests go from now on. */
    public void address(final Address newAddress) {
        address = newAddress;
        idle.clear();
        if (backend.persistence() != null) {
            backend.persistence().addressed(this);
        }
    }

    /** Value of the persistence cookie; null: none. */
    public String cookie() {
        return cookie;
    }

    void cookie(final String value) {
        cookie = value;
    }

    String redirect() {
        return redirect;
    }

    ServerTls tls() {
        return tls;
    }

    ServerTraffic.ProxyHeader proxyHeader() {
        return proxyHeader;
    }

    public Counters counters() {
        return counters;
    }

    PendingQueue queue() {
        return queue;
    }

    IdlePool idle() {
        return idle;
    }

    /** Connections that wait for a request. */
    public int idleConnections() {
        return idle.size();
    }

    /** Of those, which served more than one already. */
    public int safeConnections() {
        return idle.safe();
    }

    // -- state

    public State state() {
        return state;
    }

    public Admin admin() {
        return admin;
    }

    /** Whether it can answer at all; one that drains can. */
    public boolean isUp() {
        return state != State.STOPPED && admin != Admin.MAINT;
    }

    @Override
    public boolean isUsable() {
        return (state == State.RUNNING || state == State.STARTING) && admin == Admin.READY && weight > 0;
    }

    /** Called after each change of state, admin or weight. */
    public void watch(final Consumer<Server> watcher) {
        watchers.add(watcher);
    }

    public void state(final State newState) {
        if (newState == state) {
            return;
        }
        final boolean wasUp = isUp();
        state = newState;
        if (newState == State.RUNNING && settings.get(ServerTraffic.SLOW_START_MS) > 0) {
            state = State.STARTING;
            backend.loop().timers().arm(ramp, backend.loop().nowMs() + rampStepMs());
        }
        changed(wasUp);
    }

    public void admin(final Admin newAdmin) {
        if (newAdmin != admin) {
            final boolean wasUp = isUp();
            admin = newAdmin;
            changed(wasUp);
        }
    }

    public void weight(final int newWeight) {
        if (newWeight != weight) {
            weight = newWeight;
            backend.changed();
            tell();
        }
    }

    private void changed(final boolean wasUp) {
        final long nowMs = backend.loop().nowMs();
        if (wasUp != isUp()) {
            if (isUp()) {
                downMs += nowMs - changedMs;
            } else {
                idle.clear();
            }
            changedMs = nowMs;
        }
        backend.changed();
        if (!isUp()) {
            // Who waits for it can go elsewhere, unless told to stay.
            queue.redistribute(backend);
        } else {
            backend.dispatchPending(this);
        }
        tell();
    }

    private void tell() {
        for (int i = 0; i < watchers.size(); i++) {
            watchers.get(i).accept(this);
        }
    }

    /** Since its last change between up and down, on the loop's clock. */
    public long changedMs() {
        return changedMs;
    }

    /** It has been as it is for so long: another process knew it before. */
    public void unchangedFor(final long durationMs) {
        changedMs = backend.loop().nowMs() - durationMs;
    }

    public long downMs(final long nowMs) {
        return downMs + (isUp() ? 0 : nowMs - changedMs);
    }

    @Override
    public boolean isBackup() {
        return backup;
    }

    @Override
    public int weight() {
        return weight;
    }

    public int initialWeight() {
        return initialWeight;
    }

    @Override
    public int rampPercent() {
        if (state != State.STARTING) {
            return 100;
        }
        final long rampMs = settings.get(ServerTraffic.SLOW_START_MS);
        final long age = backend.loop().nowMs() - changedMs;
        return Math.clamp(100 * age / rampMs, 1, 100);
    }

    private long rampStepMs() {
        return Math.max(MIN_RAMP_STEP_MS, settings.get(ServerTraffic.SLOW_START_MS) / RAMP_STEPS);
    }

    private void ramp(final long nowMs) {
        if (state != State.STARTING) {
            return;
        }
        if (nowMs - changedMs >= settings.get(ServerTraffic.SLOW_START_MS)) {
            state = State.RUNNING;
        } else {
            backend.loop().timers().arm(ramp, nowMs + rampStepMs());
        }
        backend.ramped();
        backend.dispatchPending(this);
        backend.loop().flush();
    }

    // -- load

    @Override
    public int served() {
        return served;
    }

    @Override
    public int queued() {
        return queue.size();
    }

    /** What {@link #served} is to statistics. */
    public int sessions() {
        return served;
    }

    public int maxConnections() {
        return maxConnections;
    }

    public void maxConnections(final int max) {
        maxConnections = max;
        backend.dispatchPending(this);
    }

    /** {@code minconn} to {@code maxconn}, as full as the backend is (configuration manual, 5.2 minconn). */
    @Override
    public int limit() {
        if (maxConnections == 0) {
            return 0;
        }
        int limit = maxConnections;
        final int full = backend.fullConnections();
        if (backend.sessions() < full && minConnections != maxConnections) {
            limit = (int) Math.max(minConnections, (long) backend.sessions() * maxConnections / full);
        }
        return state == State.STARTING ? Math.max(1, limit * rampPercent() / 100) : limit;
    }

    /** Cuts the connections that streams have to it. */
    public void cutSessions() {
        List.copyOf(working).forEach(Dispatch::cut);
    }

    void begin(final Dispatch dispatch) {
        dispatch.place = working.size();
        working.add(dispatch);
        served++;
        idle.used(served);
        counters.sessionsMax = Math.max(counters.sessionsMax, served);
        counters.sessionsTotal++;
        final long nowMs = backend.loop().nowMs();
        counters.sessionRate.add(nowMs, 1);
        counters.lastSessionMs = nowMs;
        backend.served(1);
    }

    void end(final Dispatch dispatch) {
        // The last takes its place: their order means nothing.
        final Dispatch last = working.removeLast();
        if (last != dispatch) {
            last.place = dispatch.place;
            working.set(last.place, last);
        }
        served--;
        backend.served(-1);
        backend.dispatchPending(this);
    }
}
