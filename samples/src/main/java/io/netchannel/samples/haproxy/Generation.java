package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.ProgramSection;
import io.netchannel.samples.haproxy.log.Logs;
import io.netchannel.samples.haproxy.proxy.KernelTransport;
import io.netchannel.samples.haproxy.proxy.ProxyLoop;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.SystemClock;
import io.netchannel.samples.haproxy.proxy.Transport;
import io.netchannel.samples.haproxy.stats.ControlPlane;
import io.netchannel.samples.haproxy.stats.cli.Master;
import io.netchannel.samples.haproxy.stats.cli.Reloads;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one reading of the configuration made: proxies, checks, tables, operators' sockets, logs. A reload makes the next one, and
 * this one ends with its last session. Threading: outside the proxies' loop.
 */
final class Generation {

    private final Logs logs;
    private final ProxyServer server;
    private final ControlPlane control;

    private Generation(final Logs logs, final ProxyServer server, final ControlPlane control) {
        this.logs = logs;
        this.server = server;
        this.control = control;
    }

    /**
     * Takes connections when this returns.
     *
     * @param kernel loop of sockets that aren't the proxies'
     * @param before whose listening sockets are taken over; null: none
     * @throws IOException if a socket can't be opened: {@code before} has all of its own still
     */
    static Generation start(final Configuration configuration, final EventLoopGroup kernel, final Transport transport,
            final Generation before, final Reloads reloads) throws IOException {
        final Logs logs = Logs.start(configuration.global(), (IoEventLoop) kernel.next());
        final AtomicReference<ControlPlane> control = new AtomicReference<>();
        try {
            final ProxyServer server = ProxyServer.start(configuration, transport, new ProxyLoop(transport.loop(),
                    new SystemClock()), logs, before == null ? null : before.server,
                    prepared -> control.set(control(
                            prepared, kernel, transport, reloads)));
            control.get().startChecks();
            return new Generation(logs, server, control.get());
        } catch (final IOException | RuntimeException e) {
            if (control.get() != null) {
                control.get().close();
            }
            transport.loop().submit(logs::close).awaitUninterruptibly();
            throw e;
        }
    }

    private static ControlPlane control(final ProxyServer server, final EventLoopGroup kernel,
            final Transport transport, final Reloads reloads) throws IOException {
        final GlobalSettings global = server.configuration().global();
        final boolean onKernel = transport instanceof KernelTransport;
        final List<Master.Program> programs = new ArrayList<>();
        try {
            for (final ProgramSection section : global.get(GlobalOptions.PROGRAMS)) {
                programs.add(
                        new Master.Program(section.name(), new ProcessBuilder(section.words()).inheritIO().start()));
            }
            return ControlPlane.start(server, new ControlPlane.Surroundings(onKernel
                    ? transport
                    : new KernelTransport(kernel.next()), global.get(GlobalOptions.MASTER_SOCKETS), programs, reloads));
        } catch (final IOException e) {
            programs.forEach(program -> program.process().destroy());
            throw e;
        }
    }

    ProxyServer server() {
        return server;
    }

    /** No more checks, and nothing to be asked: the next generation has taken over. */
    void retire() {
        control.close();
    }

    /** In the loop, when its last session has ended. */
    void drained() {
        server.drained();
        logs.close();
    }

    /** Outside the loop, after {@link #drained}: what was logged last is out, as far as anyone takes it. */
    void awaitLogs() {
        logs.awaitWritten();
    }
}
