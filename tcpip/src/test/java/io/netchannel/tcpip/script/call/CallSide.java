package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of two hosts: calls are made on it as a script makes them. */
final class CallSide implements ScriptHost, AutoCloseable {

    /** In place of an argument: "...". */
    static final Value ANY = new Value.Any();

    static final int PORT = 8080;

    private final TestHost host;
    private final IpAddress localAddress;
    private final IpAddress remoteAddress;
    private final Dialect dialect;
    private final SocketCalls calls;
    private TcpConfig config = TcpConfig.defaults();

    CallSide(final String mac, final String local, final String remote, final Dialect dialect) {
        host = new TestHost(NetStackConfig.of(InterfaceConfig.of(mac, local + "/24")), TestHost.PLAIN, 1024, 2048, 1);
        localAddress = IpAddress.parse(local);
        remoteAddress = IpAddress.parse(remote);
        this.dialect = dialect;
        calls = new SocketCalls(this, () -> config);
    }

    TestHost host() {
        return host;
    }

    SocketCalls calls() {
        return calls;
    }

    void config(final TcpConfig settings) {
        config = settings;
    }

    /** @param arguments numbers, strings, lists and values; {@link #ANY} for what is left open */
    SystemCalls.Call call(final String name, final long expectedResult, final Object... arguments) {
        final List<Value> values = new ArrayList<>();
        for (final Object argument : arguments) {
            values.add(value(argument));
        }
        return calls.begin(name, values, expectedResult, nowNs());
    }

    static Value value(final Object argument) {
        return switch (argument) {
            case final Value value -> value;
            case final Integer number -> new Value.Int(number);
            case final Long number -> new Value.Int(number);
            case final String text -> new Value.Text(text);
            case final List<?> items -> new Value.Items(items.stream().map(CallSide::value).toList());
            default -> throw new IllegalArgumentException("no value: " + argument);
        };
    }

    /** @param namesAndValues {@code "fd", 4, "events", 1} */
    static Value.Struct struct(final Object... namesAndValues) {
        final List<Value.Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Value.Field((String) namesAndValues[i], value(namesAndValues[i + 1])));
        }
        return new Value.Struct(fields);
    }

    @Override
    public NetStack stack() {
        return host.stack();
    }

    @Override
    public PacketPool pool() {
        return host.pool();
    }

    @Override
    public long nowNs() {
        return host.nowNs();
    }

    @Override
    public Map<String, String> sysctls() {
        return Map.of();
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public IpVersion ipVersion() {
        return IpVersion.IPV4;
    }

    @Override
    public IpAddress localAddress() {
        return localAddress;
    }

    @Override
    public IpAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public int bindPort() {
        return PORT;
    }

    @Override
    public int connectPort() {
        return PORT;
    }

    @Override
    public void close() {
        host.close();
    }
}
