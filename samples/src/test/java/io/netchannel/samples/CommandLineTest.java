package io.netchannel.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Exit codes and one-line errors of the command line. */
final class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String... args) {
        return Netchannel.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private String firstErrorLine() {
        return err.toString().lines().findFirst().orElse("");
    }

    /** A signal's hook waits for it, and would for ever. */
    @Test
    void shouldHaveAStatusAlsoWhenACommandEndsInAnError() {
        final CommandLine command = new CommandLine(new Failing()).setErr(new PrintWriter(err, true));
        assertThat(Netchannel.statusOf(command)).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("AssertionError: a fault", "CommandLineTest");
    }

    @CommandLine.Command(name = "failing")
    private static final class Failing implements Runnable {

        @Override
        public void run() {
            throw new AssertionError("a fault");
        }
    }

    @Test
    void shouldListTheCommands() {
        assertThat(run("help")).isEqualTo(CommandLine.ExitCode.OK);
        assertThat(out.toString()).contains("netperf", "echo", "jmh", "help");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "netperf --frobnicate                                    | --frobnicate",
        "netperf -t TCP_NOPE                                     | TCP_NOPE",
        "netperf --path tunnel                                   | tunnel",
        "netperf -l 0                                            | -l 0",
        "netperf -i 0                                            | -i 0",
        "netperf -m 0                                            | messageBytes=0",
        "netperf -r 1                                            | -r 1",
        "netperf -r 1,9000                                       | responseBytes=9000",
        "netperf --json /no/such/directory/out.json              | /no/such/directory/out.json",
        "cpu --frobnicate                                        | --frobnicate",
        "cpu --json /no/such/directory/out.json                  | /no/such/directory/out.json",
        "cpu fast                                                | fast",
        "jmh NoSuchBenchmark                                     | NoSuchBenchmark",
        "jmh RingBenchmark NoSuchBenchmark --compare             | NoSuchBenchmark",
        "jmh [                                                   | [",
        "jmh --frobnicate                                        | frobnicate",
        "jmh --compare --table /no/such/table.txt                | /no/such/table.txt",
        "jmh --compare --table /etc/passwd RingBenchmark         | /etc/passwd",
        "jmh --update --table /no/such/directory/table.txt       | /no/such/directory/table.txt",
        "jmh --table jmh.txt RingBenchmark                       | add --compare",
        "jmh --update -bm thrpt                                  | -bm",
        "startup -i 0                                            | -i 0",
        "frobnicate                                              | frobnicate",
        "echo --address 10.7.0.2/24                              | --tap",
        "echo --tap nc0                                          | --address",
        "echo --tap nc0 --address 10.7.0.2                       | write 10.7.0.2/24",
        "echo --tap nc0 --address 10.7.0.256/24                  | 10.7.0.256",
        "echo --tap nc0 --address 10.7.0.2/33                    | /33",
        "echo --tap nc0 --address fd00::2                        | write fd00::2/64",
        "echo --tap nc0 --address 10.7.0.2/24 --mac 1:2:3        | 1:2:3",
        "echo --tap nc0 --address 10.7.0.2/24 --loops 0          | loops=0",
        "echo --tap nc0 --address 10.7.0.2/24 --cpus 0-          | cpus=0- is not a list like 0-3,6",
        "echo --tap nc0 --address 10.7.0.2/24 --cpus 8191        | allowed are ",
        "echo --tap nc0 --address 10.7.0.2/24 --cpus=            | --cpus is empty",
        "echo --tap nc0 --address 10.7.0.2/24 --budget-us -1     | --budget-us -1 is not within 0..",
        "echo --tap nc0 --address 10.7.0.2/24 --watchdog -5      | --watchdog -5 is not within 0..",
        "echo --tap nc0 --address 10.7.0.2/24 --watchdog 9999999999 | --watchdog 9999999999 is not within 0..",
        "echo --tap nc0 --address 10.7.0.2/24 --mode fast        | fast",
        "echo --tap nc0 --address 10.7.0.2/24 --mtu 10           | mtuBytes=10",
        "echo --tap nc0 --address 10.7.0.255/24                  | 10.7.0.255",
        "echo --tap a-name-much-too-long --address 10.7.0.2/24   | a-name-much-too-long",
        "echo --tap nc0 --address 10.7.0.2/24 --gateway 10.9.0.1 | 10.9.0.1",
        "echo --tap nc0 --address 10.7.0.2/24 --service daytime  | daytime",
        "echo --tap nc0 --address 10.7.0.2/24 --vlan 5000        | vlanId=5000",
        "echo --tap nc0 --dhcp --temporary-addresses             | add --slaac",
        "echo --tap nc0 --slaac --stable-secret /no/such         | /no/such",
        "echo --tap nc0 --slaac --tcp nagle                      | nagle=0",
        "echo --tap nc0 --slaac --tcp nagle=2                    | nagle=2 > MAX=1",
        "echo --tap nc0 --slaac --tcp minRtoNs=5h                | 5h",
        "echo --tap nc0 --slaac --tcp nagle=1ms                  | not a time",
        "echo --tap nc0 --slaac --tcp sendBuffer=1               | sendBufferBytes",
        "echo --tap nc0 --slaac --tcp congestionControl=bbr      | cubic",
        "echo --tap nc0 --slaac --tcp minRtoNs=9s --tcp maxRtoNs=5s | minRtoNs=9000000000 > maxRtoNs=5000000000",
        "netperf --tcp pacingg=1                                 | pacing",
        "memcached                                               | --kernel, or --tap",
        "memcached --kernel --frobnicate                         | --frobnicate",
        "memcached --tap nc0                                     | --address",
        "memcached --tap nc0 --address 10.7.0.2/24 -l 10.7.0.2   | -l",
        "memcached --kernel --store                              | --store wants a directory",
        "memcached --kernel --store=                             | --store wants a directory",
        "memcached --kernel -p 0 --store=/etc/passwd             | --store=/etc/passwd is a file and no directory",
        "memcached --kernel -p 0 --store=/proc/no                | --store=/proc/no can't be made",
        "services nothing                                        | 'nothing'; there are fiber-switch",
        "services -i 0                                           | -i 0",
        "services wake-up --json /no/such/directory/out.json     | /no/such/directory/out.json",
        "memload --server nowhere                                | --server nowhere is not HOST:PORT",
        "memload --server 127.0.0.1:0                            | is not HOST:PORT",
        "memload --server 127.0.0.1:11211 --path wire            | add --compare",
        "memload --path cable                                    | cable",
        "memload --pipeline 0                                    | --pipeline 0",
        "memload --ratio 1                                       | --ratio 1",
        "memload --ratio 0:0                                     | sets+gets=0",
        "memload -c 0                                            | connections=0",
        "memload -d 9000000                                      | valueBytes=9000000",
        "memload -k 0                                            | keys=0",
        "memload -l 0                                            | -l 0",
        "memload -i 0                                            | -i 0",
        "memload --json /no/such/directory/out.json              | /no/such/directory/out.json",
        "proxyload --path cable                                  | cable",
        "proxyload -c 0                                          | connections=0",
        "proxyload -c 9000                                       | connections=9000",
        "proxyload -d 9000000                                    | bodyBytes=9000000",
        "proxyload -l 0                                          | -l 0",
        "proxyload -l 1.5                                        | 1.5",
        "proxyload -i 0                                          | -i 0",
        "proxyload --warm-up -1                                  | --warm-up -1",
        "proxyload --json /no/such/directory/out.json            | /no/such/directory/out.json",
        "http                                                    | --tap",
        "http --kernel --tap nc0                                 | mutually exclusive",
        "http --tap nc0                                          | --address",
        "http --tap nc0 --address 10.7.0.2/24 -p 0               | port=0",
        "http --kernel -p 70000                                  | port=70000 > MAX=65535",
        "http --kernel --address 10.7.0.2/24                     | --address",
        "http --kernel --loops 0                                 | loops=0",
        "http --kernel --root /no/such/directory                 | /no/such/directory",
        "http --kernel --tls /no/such.pem /no/such.key           | /no/such.pem",
        "http --kernel --tls /etc/passwd /etc/passwd             | /etc/passwd",
        "http --kernel --max-body -1                             | max-body=-1",
        "http --kernel --max-line 9999999                        | max-line=9999999 > MAX=1048576",
        "http --kernel --ramfs 4                                 | add --root",
        "http --kernel --root /etc --ramfs 0                     | --ramfs 0 is not within 1..8192",
        "http --kernel --root /no/such --ramfs 1                 | /no/such",
        "http --kernel --idle 0                                  | idle=0",
        "netserver                                               | --tap",
        "netserver --tap nc0 --address 10.7.0.2/24 -p 0          | port=0",
        "netserver --tap nc0 --address 10.7.0.2/24 -4 -6         | -4",
        "iperf3 --tap nc0                                        | -c=ADDRESS",
        "iperf3 -s -c 10.7.0.1 --tap nc0                         | mutually exclusive",
        "iperf3 -s --tap nc0 --address 10.7.0.2/24 -P 2          | --parallel",
        "iperf3 -s --tap nc0 --address 10.7.0.2/24 -p 70000      | port=70000",
        "iperf3 -s --tap nc0 --address 10.7.0.2/24 -i 0.01       | interval=0.01",
        "iperf3 -c 10.7.0.1 --tap nc0                            | --address",
        "iperf3 -c fd00::1 -4 --tap nc0 --address 10.7.0.2/24    | fd00::1",
        "iperf3 -c 10.7.0.1 --tap nc0 --address 10.7.0.2/24 -t 0 | time=0",
        "iperf3 -c 10.7.0.1 --tap nc0 --slaac -t 1 -n 1M         | only one",
        "iperf3 -c 10.7.0.1 --tap nc0 --slaac -P 129             | parallel=129",
        "iperf3 -c 10.7.0.1 --tap nc0 --slaac -u -l 70000        | len=70000",
        "iperf3 -c 10.7.0.1 --tap nc0 --slaac -b fast            | fast",
        "iperf3 -c 10.7.0.1 --tap nc0 --slaac -R --bidir         | exclude",
        "iperf3 -c 10.7.0.1 --tap nc0 --slaac -C bbr             | cubic",
        "wire                                                    | --tap",
        "wire --tap nc0                                          | --tap=nc0",
        "wire --tap nc0 --tap nc0                                | --tap=nc0,nc0",
        "wire --tap nc0 --tap nc1 --tap nc2                      | --tap=nc0,nc1,nc2",
        "wire --tap a-name-much-too-long --tap nc1               | a-name-much-too-long",
        "wire --tap nc0 --tap nc1 --mtu 10                       | mtuBytes=10",
        "wire --tap nc0 --tap nc1 --loss 1.1                     | loss=1.1",
        "wire --tap nc0 --tap nc1 --loss some                    | some",
        "wire --tap nc0 --tap nc1 --duplicate -1                 | duplicate=-1",
        "wire --tap nc0 --tap nc1 --corrupt 2                    | corrupt=2",
        "wire --tap nc0 --tap nc1 --reorder NaN                  | --reorder=NaN",
        "wire --tap nc0 --tap nc1 --delay-ms -1                  | delayNs=-1000000",
        "wire --tap nc0 --tap nc1 --delay-ms NaN                 | --delay-ms=NaN",
        "wire --tap nc0 --tap nc1 --jitter-ms 1                  | jitterNs=1000000",
        "wire --tap nc0 --tap nc1 --rate-mbit -1                 | rateBitsPerSecond=-1000000",
        "wire --tap nc0 --tap nc1 --rate-mbit Infinity           | --rate-mbit=Infinity",
        "wire --tap nc0 --tap nc1 --queue 0                      | queueFrames=0",
        "wire --tap nc0 --tap nc1 --ecn-mark-ms 1                | ecnMarkNs=1000000",
        "wire --tap nc0 --tap nc1 --seed x                       | x"})
    void shouldRefuseABadArgumentWithOneLineThatNamesIt(final String line, final String named) {
        assertThat(run(line.split(" +"))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(firstErrorLine()).contains(named);
        assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(2);
    }

    /** What the launcher's cache is made from must be able to run here. */
    @Test
    void shouldStartANodeOnAWireAndSayWhatItReached() {
        assertThat(run("startup", "--once")).as(err.toString()).isEqualTo(CommandLine.ExitCode.OK);
        assertThat(out.toString().lines()).containsExactly("main", "node", "first answer");
    }

    @Test
    void shouldRefuseToStartWithoutACommand() {
        assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void shouldMeasureEveryPathAndWriteJson(@TempDir final Path directory) throws Exception {
        final Path json = directory.resolve("out.json");
        assertThat(run("netperf", "--path", "inline,channel,kernel", "-l", "0.05", "-i", "1", "-q", "--json",
                json.toString())).as(err.toString())
                .isEqualTo(CommandLine.ExitCode.OK);
        assertThat(out.toString()).contains("TCP_STREAM", "TCP_RR", "UDP_RR", "inline", "channel", "nio", "memory",
                "x kernel");
        final JsonNode results = new ObjectMapper().readTree(json.toFile()).get("results");
        // The ceiling is a path of TCP_STREAM only.
        assertThat(results).hasSize(10);
        for (final JsonNode result : results) {
            final JsonNode rate = result.has("gigabitsPerSecond")
                    ? result.get("gigabitsPerSecond")
                    : result.get("transactionsPerSecond");
            assertThat(rate.asDouble()).as(result.toString()).isPositive();
        }
    }
}
