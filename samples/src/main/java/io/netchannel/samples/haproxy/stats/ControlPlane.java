package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.check.ProxyChecks;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.expression.pattern.PatternReferences;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.proxy.BuiltInPage;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.ServerObserver;
import io.netchannel.samples.haproxy.proxy.Transport;
import io.netchannel.samples.haproxy.stats.cli.CliServer;
import io.netchannel.samples.haproxy.stats.cli.Control;
import io.netchannel.samples.haproxy.stats.cli.Master;
import io.netchannel.samples.haproxy.stats.cli.Reloads;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** What watches and steers a running proxy: its checks, its page, its sockets for operators. Threading: outside the loop. */
public final class ControlPlane implements AutoCloseable {

    private final ProxyServer proxies;
    private final List<Master.Program> programs;
    private ProxyChecks checks;
    private CliServer sockets;

    /**
     * What the command line and the configuration give it.
     *
     * @param transport of operators' sockets: the kernel's, on the proxies' loop
     * @param masterSockets of {@code -S}
     * @param programs that were started beside the proxy
     */
    public record Surroundings(Transport transport, List<BindSettings> masterSockets, List<Master.Program> programs,
            Reloads reloads) {

        public static Surroundings of(final ProxyServer proxies) {
            return new Surroundings(proxies.transport(), List.of(), List.of(), new Reloads());
        }
    }

    private ControlPlane(final ProxyServer proxies, final List<Master.Program> programs) {
        this.proxies = proxies;
        this.programs = programs;
    }

    /**
     * Opens what steers the proxy. Called outside the loop, as it waits for it.
     *
     * @param sockets where the command line listens: of the kernel
     * @throws IOException if a socket can't be opened
     */
    public static ControlPlane start(final ProxyServer proxies, final Surroundings surroundings) throws IOException {
        final ControlPlane plane = new ControlPlane(proxies, surroundings.programs);
        final Statistics statistics = inLoop(proxies, () -> plane.watch(proxies));
        final Control control = new Control(statistics, new Master(surroundings.programs, statistics::uptimeMs,
                surroundings.reloads));
        try {
            plane.sockets = CliServer.start(control, surroundings.transport, surroundings.masterSockets);
        } catch (final IOException e) {
            plane.close();
            throw e;
        }
        return plane;
    }

    private Statistics watch(final ProxyServer of) {
        PatternReferences.of(of.configuration()).assignIds();
        checks = ProxyChecks.create(of);
        final Statistics statistics = new Statistics(of, checks);
        ServerStateFile.load(statistics, warning -> of.logs().send(null, Syslog.WARNING, warning));
        of.page(new StatsPage(statistics));
        return statistics;
    }

    private static <T> T inLoop(final ProxyServer proxies, final Callable<T> task)
            throws IOException {
        final Future<T> done = proxies.transport().loop().submit(task).awaitUninterruptibly();
        if (!done.isSuccess()) {
            throw new IOException("the control plane could not be started: " + done.cause().getMessage(), done.cause());
        }
        return done.getNow();
    }

    /** When the listeners are open: health checks begin, behind commands that wait already. */
    public void startChecks() {
        proxies.transport().loop().execute(checks::start);
    }

    @Override
    public void close() {
        programs.forEach(program -> program.process().destroy());
        proxies.transport().loop().submit(() -> {
            proxies.observe(ServerObserver.NONE);
            proxies.page(BuiltInPage.NONE);
            checks.close();
            if (sockets != null) {
                sockets.close();
            }
        }).awaitUninterruptibly();
    }
}
