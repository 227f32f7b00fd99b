package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.host.HostPair;
import io.netchannel.perf.netperf.host.PathName;
import io.netchannel.perf.netperf.host.PathSettings;
import io.netchannel.perf.netperf.host.PathUnavailableException;

/**
 * A path of two hosts, with as many loops and idle connections as they were opened with.
 *
 * @param idle null if there are none
 */
public record HostPath(String name, int loops, HostPair hosts, IdleConnections idle) implements NetperfPath {

    /** @throws PathUnavailableException saying what the machine lacks */
    public static HostPath open(final PathName name, final PathSettings settings) {
        final HostPair hosts = name.open(settings);
        if (settings.idle() == 0) {
            return new HostPath(name.label(), settings.loops(), hosts, null);
        }
        try {
            return new HostPath(name.label(), settings.loops(), hosts, IdleConnections.open(hosts, settings));
        } catch (final NetperfException e) {
            hosts.close();
            throw new PathUnavailableException(settings.idle() + " idle connections: " + e.getMessage());
        }
    }

    @Override
    public boolean supports(final TestCase testCase) {
        return testCase.loops() == loops && testCase.idle() == (idle == null ? 0 : idle.count());
    }

    @Override
    public IdleMemory idleMemory() {
        return idle == null ? null : idle.memory();
    }

    @Override
    public Measurement run(final TestCase testCase, final long durationNs) {
        try (HostTest test = HostTest.prepare(hosts, testCase)) {
            final Measurement measured = test.run(durationNs);
            if (idle != null) {
                idle.check();
            }
            return measured;
        } catch (final NetperfException e) {
            throw e;
        } catch (final RuntimeException e) {
            throw new NetperfException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (idle != null) {
            idle.close();
        }
        hosts.close();
    }
}
