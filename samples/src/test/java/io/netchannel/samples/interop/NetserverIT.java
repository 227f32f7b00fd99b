package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * netperf 2.7 against {@code ./netchannel netserver}. Debian has no package of it: where there is none, this is skipped, and
 * {@code NetserverTest} speaks for the wire.
 */
@Timeout(180)
final class NetserverIT {

    private static final String TAP = "nc0";

    private NetworkNamespace namespace;
    private String netperf;

    @BeforeEach
    void makeNamespace() {
        netperf = netperf().map(Path::toString).orElse(null);
        // Not a requirement of Requirements: no package manager can meet it.
        Assumptions.assumeTrue(netperf != null, "needs the program netperf 2.7, built from its sources, on the path");
        Requirements.rootAndTap();
        namespace = new NetworkNamespace();
    }

    private static Optional<Path> netperf() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(dir -> Path.of(dir, "netperf"))
                .filter(Files::isExecutable).findFirst();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldServeEachTest(final int loops) {
        final Command server = namespace.startNetchannel("netserver", "--tap", TAP, "--address", "10.7.0.2/24",
                "--address", "fd00:7::2/64", "--host-address", "10.7.0.1/24", "--host-address", "fd00:7::1/64",
                "--loops", Integer.toString(loops), "-D");
        server.awaitOutput("serving netperf");
        for (final String test : new String[]{"TCP_STREAM", "TCP_MAERTS", "TCP_RR", "TCP_CRR", "TCP_CC", "UDP_STREAM",
            "UDP_RR"}) {
            final String target = test.endsWith("RR") ? "fd00:7::2" : "10.7.0.2";
            // Without headers, and the throughput alone.
            final Command.Result result = namespace.run(netperf, "-H", target, target.contains(":") ? "-6" : "-4", "-t",
                    test, "-l", "1", "-c", "-C", "-P", "0").expectSuccess();
            assertThat(result.out()).as(test).containsPattern("[1-9]");
            assertThat(result.err()).as(test).isEmpty();
        }
        namespace.run(netperf, "-H", "10.7.0.2", "-t", "TCP_RR", "-l", "-500").expectSuccess();
        server.process().destroy();
        final Command.Result ended = server.await(30);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(namespace.run("ip", "-o", "link").out()).doesNotContain(TAP + ":");
    }
}
