package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.host.HostPair;
import io.netchannel.perf.netperf.host.PathName;
import io.netchannel.perf.netperf.host.PathSettings;

/** A path of two hosts, with as many loops as they were opened with. */
public record HostPath(String name, int loops, HostPair hosts) implements NetperfPath {

    public static HostPath open(final PathName name, final PathSettings settings) {
        return new HostPath(name.label(), settings.loops(), name.open(settings));
    }

    @Override
    public boolean supports(final TestCase testCase) {
        return testCase.loops() == loops;
    }

    @Override
    public Measurement run(final TestCase testCase, final long durationNs) {
        try (HostTest test = HostTest.prepare(hosts, testCase)) {
            return test.run(durationNs);
        } catch (final NetperfException e) {
            throw e;
        } catch (final RuntimeException e) {
            throw new NetperfException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        hosts.close();
    }
}
