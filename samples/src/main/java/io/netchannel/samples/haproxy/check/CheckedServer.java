package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.expression.ProxyFacts;

/** A server as checks see and change it. Threading: the proxy's loop. */
public interface CheckedServer {

    /** What checks make of it; whether an operator lets it work is another matter. */
    enum State {
        STOPPED, RUNNING, STOPPING
    }

    /** {@code ready}, {@code drain}, {@code maint}. */
    enum Admin {
        READY, DRAIN, MAINT
    }

    /** The section of its backend. */
    ProxySection backend();

    ServerSettings settings();

    Address address();

    /** What its checks begin their connection by, for they speak for nobody (doc/proxy-protocol.txt, 2); null: nothing. */
    default String proxyHeader() {
        return null;
    }

    boolean isBackup();

    State state();

    Admin admin();

    /** @return streams that waited for it and are sent elsewhere, or that it takes over */
    int change(State next);

    void admin(Admin next);

    /** As an operator or agent set it; 0: it gets nothing new. */
    int weight();

    /** @param request {@code 50%}, {@code 20} as of {@code set weight}; @return what is wrong with it, or null */
    String changeWeight(String request);

    /** @return what is wrong with it, or null */
    String changeMaxConnections(String request);

    /** The backend's usable servers that are no backups. */
    int activeServers();

    int backupServers();

    int sessions();

    /** Of all servers that work with it now, active or backups. */
    int totalWeight();

    /** Streams of its backend that don't wait. */
    int backendSessions();

    /** Percent of its weight that counts: less than 100 while it starts slowly. */
    int rampPercent();

    /** Name of this proxy, for servers that ask for it. */
    String node();

    int queued();

    void shutdownSessions();

    /** Of the backend's backup servers. */
    void shutdownBackupSessions();

    /** {@code track}: whose state it follows; null: none. */
    CheckedServer tracked();

    ProxyFacts facts();
}
