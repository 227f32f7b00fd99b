package io.netchannel.perf.netperf;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.perf.netperf.host.PathName;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What netperf refuses before it measures. */
final class NetperfCommandTest {

    private final StringWriter err = new StringWriter();

    private int run(final String... args) {
        return new CommandLine(new NetperfCommand()).setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(new StringWriter(), true))
                .setParameterExceptionHandler((e, line) -> {
                    e.getCommandLine().getErr().println(e.getMessage());
                    return CommandLine.ExitCode.USAGE;
                }).execute(args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-t TCP_NOPE                    | TCP_NOPE",
        "--path tunnel                  | tunnel",
        "-m 0                           | messageBytes=0 is not within 1..1048576",
        "-m 1048577                     | messageBytes=1048577",
        "-t UDP_STREAM -m 1473          | messageBytes=1473 is not within 1..1472",
        "-r 1                           | -r 1",
        "-r 1,x                         | -r 1,x",
        "-t TCP_RR -r 65537,1           | requestBytes=65537",
        "-t UDP_RR -r 1,1473            | responseBytes=1473",
        "-t TCP_RR -b 1025              | burst=1025",
        "-P 0                           | connections=0",
        "-P 10001                       | connections=10001",
        "-I -1                          | idle=-1",
        "-I 100001                      | idle=100001",
        "--loops 17                     | loops=17",
        "-t TCP_CRR --rate 10           | --rate 10",
        "-t TCP_RR --rate -1            | --rate -1",
        "-l 0                           | -l 0",
        "-i 0                           | -i 0",
        "--warm-up 0                    | --warm-up 0",
        "--json /no/such/dir/out.json   | /no/such/dir/out.json",
        "--report /proc/no              | /proc/no"})
    void shouldRefuseABadArgumentWithOneLineThatNamesIt(final String line, final String named) {
        assertThat(run(line.split(" +"))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(named);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void shouldNameTheKernelsPathEitherWay() {
        assertThat(PathName.of("kernel"))
                .isEqualTo(PathName.of("nio"));
    }
}
