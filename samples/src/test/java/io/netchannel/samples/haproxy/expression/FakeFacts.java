package io.netchannel.samples.haproxy.expression;

import java.util.Map;

/** Proxies as a test wants them: numbers that tell from whom they come. */
record FakeFacts(Map<String, StickLookup> tables, String serverName) implements ProxyFacts {

    @Override
    public String frontendName() {
        return "fe1";
    }

    @Override
    public int frontendId() {
        return 2;
    }

    @Override
    public String backendName() {
        return serverName == null ? null : "be1";
    }

    @Override
    public int backendId() {
        return 3;
    }

    @Override
    public int serverId() {
        return 7;
    }

    @Override
    public String listenerName() {
        return null;
    }

    @Override
    public int listenerId() {
        return 1;
    }

    @Override
    public String defaultBackendName() {
        return "be1";
    }

    @Override
    public int usableServers(final String backend) {
        return "be1".equals(backend) ? 2 : 0;
    }

    @Override
    public long backendConnections(final String backend) {
        return 11;
    }

    @Override
    public long backendQueue(final String backend) {
        return 12;
    }

    @Override
    public long backendSessionRate(final String backend) {
        return 13;
    }

    @Override
    public long frontendConnections(final String frontend) {
        return "fe1".equals(frontend) ? 21 : 20;
    }

    @Override
    public long frontendSessionRate(final String frontend) {
        return 22;
    }

    @Override
    public long frontendRequestRate(final String frontend) {
        return 23;
    }

    @Override
    public boolean serverIsUp(final String backend, final String server) {
        return "s1".equals(server);
    }

    @Override
    public long serverConnections(final String backend, final String server) {
        return 31;
    }

    @Override
    public long serverQueue(final String backend, final String server) {
        return 32;
    }

    @Override
    public long serverWeight(final String backend, final String server) {
        return 33;
    }

    @Override
    public long averageQueue(final String backend) {
        return 14;
    }

    @Override
    public long connectionSlots(final String backend) {
        return 15;
    }

    @Override
    public StickLookup table(final String name) {
        return tables.get(name);
    }
}
