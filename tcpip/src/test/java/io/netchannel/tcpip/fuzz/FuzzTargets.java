package io.netchannel.tcpip.fuzz;

import io.netchannel.tcpip.autoconf.LinkMessagesFuzzTarget;
import io.netchannel.tcpip.dhcp.DhcpFuzzTarget;
import io.netchannel.tcpip.dns.DnsFuzzTarget;
import io.netchannel.tcpip.icmp.IcmpErrorFuzzTarget;
import io.netchannel.tcpip.ip.FragmentFuzzTarget;
import io.netchannel.tcpip.script.ScriptFuzzTarget;
import io.netchannel.tcpip.tcp.TcpFuzzTarget;
import io.netchannel.tcpip.tcp.TcpOptionsFuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The targets, and where their corpora lie. */
final class FuzzTargets {

    /**
     * A target.
     *
     * @param type the class that Jazzer is given
     * @param run what it does with an input
     * @param seeds inputs to begin with
     */
    record Target(Class<?> type, Consumer<byte[]> run, Supplier<List<byte[]>> seeds) {

        String name() {
            return type.getSimpleName();
        }

        /** Inputs that fuzzing has found worth keeping. */
        Path corpus() {
            return Path.of("src/test/resources/fuzz", name());
        }

        /** Seeds and corpus. */
        List<byte[]> inputs() {
            final List<byte[]> inputs = new ArrayList<>(seeds.get());
            if (Files.isDirectory(corpus())) {
                try (Stream<Path> files = Files.list(corpus())) {
                    for (final Path file : files.sorted().toList()) {
                        inputs.add(Files.readAllBytes(file));
                    }
                } catch (final IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
            return inputs;
        }
    }

    static final List<Target> ALL = List.of(
            new Target(NetStackFuzzTarget.class, NetStackFuzzTarget::fuzzerTestOneInput, NetStackFuzzTarget::seeds),
            new Target(ClassifierFuzzTarget.class, ClassifierFuzzTarget::fuzzerTestOneInput,
                    ClassifierFuzzTarget::seeds),
            new Target(TextFuzzTarget.class, TextFuzzTarget::fuzzerTestOneInput, TextFuzzTarget::seeds),
            new Target(ScriptFuzzTarget.class, ScriptFuzzTarget::fuzzerTestOneInput, ScriptFuzzTarget::seeds),
            new Target(TcpFuzzTarget.class, TcpFuzzTarget::fuzzerTestOneInput, TcpFuzzTarget::seeds),
            new Target(TcpOptionsFuzzTarget.class, TcpOptionsFuzzTarget::fuzzerTestOneInput,
                    TcpOptionsFuzzTarget::seeds),
            new Target(DhcpFuzzTarget.class, DhcpFuzzTarget::fuzzerTestOneInput, DhcpFuzzTarget::seeds),
            new Target(LinkMessagesFuzzTarget.class, LinkMessagesFuzzTarget::fuzzerTestOneInput,
                    LinkMessagesFuzzTarget::seeds),
            new Target(DnsFuzzTarget.class, DnsFuzzTarget::fuzzerTestOneInput, DnsFuzzTarget::seeds),
            new Target(FragmentFuzzTarget.class, FragmentFuzzTarget::fuzzerTestOneInput, FragmentFuzzTarget::seeds),
            new Target(IcmpErrorFuzzTarget.class, IcmpErrorFuzzTarget::fuzzerTestOneInput, IcmpErrorFuzzTarget::seeds));

    private FuzzTargets() {
    }
}
