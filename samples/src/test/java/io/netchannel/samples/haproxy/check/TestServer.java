package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.expression.ProxyFacts;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A server that only remembers; its backend has no other. */
final class TestServer implements CheckedServer {

    final ProxySection backend;
    final ServerSettings settings;
    final List<String> calls = new ArrayList<>();
    State state = State.RUNNING;
    Admin admin = Admin.READY;
    CheckedServer tracked;

    TestServer(final ProxySection backend, final ServerSettings settings) {
        this.backend = backend;
        this.settings = settings;
    }

    @Override
    public ProxySection backend() {
        return backend;
    }

    @Override
    public ServerSettings settings() {
        return settings;
    }

    @Override
    public Address address() {
        return new Address.Ip("192.0.2.9", InetAddress.ofLiteral("192.0.2.9"), 80, false);
    }

    @Override
    public boolean isBackup() {
        return false;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Admin admin() {
        return admin;
    }

    @Override
    public int change(final State next) {
        state = next;
        calls.add(next.toString());
        return 0;
    }

    @Override
    public void admin(final Admin next) {
        admin = next;
        calls.add(next.toString());
    }

    @Override
    public int weight() {
        return 1;
    }

    @Override
    public String changeWeight(final String request) {
        calls.add("weight " + request);
        return null;
    }

    @Override
    public String changeMaxConnections(final String request) {
        calls.add("maxconn " + request);
        return null;
    }

    @Override
    public int activeServers() {
        return state == State.RUNNING && admin == Admin.READY ? 1 : 0;
    }

    @Override
    public int backupServers() {
        return 0;
    }

    @Override
    public int sessions() {
        return 0;
    }

    @Override
    public int totalWeight() {
        return 3;
    }

    @Override
    public int backendSessions() {
        return 4;
    }

    @Override
    public int rampPercent() {
        return 100;
    }

    @Override
    public String node() {
        return "node";
    }

    @Override
    public int queued() {
        return 0;
    }

    @Override
    public void shutdownSessions() {
        calls.add("shutdown");
    }

    @Override
    public void shutdownBackupSessions() {
        calls.add("shutdown backup");
    }

    @Override
    public CheckedServer tracked() {
        return tracked;
    }

    /** All facts are null, 0 or false. */
    @Override
    public ProxyFacts facts() {
        return (ProxyFacts) Proxy.newProxyInstance(ProxyFacts.class.getClassLoader(), new Class<?>[]{ProxyFacts.class},
                (_, method, _) -> method.getReturnType() == int.class
                        ? (Object) 0
                        : method.getReturnType() == long.class
                                ? (Object) 0L
                                : method.getReturnType() == boolean.class ? (Object) false : null);
    }
}
