package io.netchannel.samples.haproxy.expression;

/** What fetches ask about proxies and servers. Names that don't exist are refused when the configuration is checked. */
public interface ProxyFacts {

    /** Name of the frontend, or null. */
    String frontendName();

    int frontendId();

    /** Name of the backend once chosen, or null. */
    String backendName();

    int backendId();

    /** Name of the server once chosen, or null. */
    String serverName();

    int serverId();

    /** {@code name=} of the bind line, or null. */
    String listenerName();

    int listenerId();

    String defaultBackendName();

    /** Usable servers of a backend; null: the current one. */
    int usableServers(String backend);

    /** Sessions of a backend; null: the current one. */
    long backendConnections(String backend);

    long backendQueue(String backend);

    long backendSessionRate(String backend);

    long frontendConnections(String frontend);

    long frontendSessionRate(String frontend);

    long frontendRequestRate(String frontend);

    boolean serverIsUp(String backend, String server);

    long serverConnections(String backend, String server);

    long serverQueue(String backend, String server);

    long serverWeight(String backend, String server);

    /** Sessions over servers of a backend (avg_queue), rounded up. */
    long averageQueue(String backend);

    /** Connections still possible (connslots). */
    long connectionSlots(String backend);

    /** A stick table by the name of its proxy; null if there is none. */
    StickLookup table(String name);

    /** Connections that the servers can still take (be_conn_free); -1: any number. */
    default long backendConnectionsFree(final String backend) {
        return connectionSlots(backend);
    }

    default long serverConnectionsFree(final String backend, final String server) {
        return -1;
    }

    default long serverSessionRate(final String backend, final String server) {
        return 0;
    }

    /** As configured, without a slow start. */
    default long serverInitialWeight(final String backend, final String server) {
        return serverWeight(backend, server);
    }

    /** As the user last set it. */
    default long serverUserWeight(final String backend, final String server) {
        return serverWeight(backend, server);
    }

    /** {@code client}, {@code server}, {@code tunnel}: the configured timeouts, milliseconds. */
    default long timeoutMs(final String name) {
        return 0;
    }

    default boolean stopping() {
        return false;
    }
}
