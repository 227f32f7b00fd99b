package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.TapLink;
import io.netchannel.samples.echo.EchoApplication;
import io.netchannel.samples.echo.EchoService;
import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressConflict;
import io.netchannel.tcpip.autoconf.InterfaceEvent.DnsChanged;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that configures itself by what a Linux router advertises, and finds out what a Linux host has already. */
@Timeout(60)
final class AutoconfigurationIT {

    private static final String TAP = "ncauto" + ProcessHandle.current().pid() % 100_000;
    private static final String SECRET = "00112233445566778899aabbccddeeff";

    private final List<InterfaceEvent> events = new CopyOnWriteArrayList<>();
    private NetworkNamespace namespace;
    private Command dnsmasq;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("dnsmasq", "socat", "ping");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        if (dnsmasq != null) {
            dnsmasq.process().destroy();
            dnsmasq.process().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private DataplaneNode open(final AutoconfConfig autoconf, final String... addresses) {
        final NodeConfig.Builder config = NodeConfig.builder("node").mac(MacAddress.parse("02:00:00:00:07:08"))
                .loops(2).buffersPerLoop(1024).autoconf(autoconf);
        for (final String address : addresses) {
            config.address(address);
        }
        final DataplaneNode node = DataplaneNode.open(config.build(), new TapLink(TAP, List.of(), 1500));
        node.deploy(new EchoApplication(Set.of(EchoService.ECHO)));
        node.deploy(new Application() {
            @Override
            public String name() {
                return "listener";
            }

            @Override
            public void start(final LoopContext loop) {
                if (loop.index() == 1) {
                    loop.onInterfaceEvent(events::add);
                }
            }
        });
        return node;
    }

    private static List<IpAddress> usable(final LoopContext loop) {
        final CompletableFuture<List<IpAddress>> all = new CompletableFuture<>();
        loop.execute(() -> {
            final LocalAddresses addresses = loop.stack().network().addresses();
            final List<IpAddress> found = new ArrayList<>();
            for (int i = 0; i < addresses.count(); i++) {
                if (addresses.state(i) == AddressState.PREFERRED) {
                    found.add(new IpAddress(addresses.high(i), addresses.low(i)));
                }
            }
            all.complete(found);
        });
        return all.join();
    }

    /** The test's own time-out ends a wait that is in vain. */
    private static IpAddress await(final DataplaneNode node, final int loop, final Predicate<IpAddress> wanted) {
        while (true) {
            final var found = usable(node.loops().get(loop)).stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.yield();
        }
    }

    private void awaitEvent(final Predicate<InterfaceEvent> wanted) {
        while (events.stream().noneMatch(wanted)) {
            Thread.yield();
        }
    }

    @Test
    void shouldFormAddressesFromARoutersPrefix() {
        try (DataplaneNode node = open(
                AutoconfConfig.STATIC.withSlaac(StableSecret.parse(SECRET)).withTemporaryAddresses(600, 1200))) {
            namespace.adopt(TAP, "fd00:9::1/64");
            dnsmasq = namespace.start("", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
                    "--pid-file=", "--interface=" + TAP, "--bind-interfaces", "--no-resolv", "--no-hosts",
                    "--enable-ra", "--dhcp-range=fd00:9::,ra-only,64,10m",
                    "--dhcp-option=option6:dns-server,[fd00:9::1]",
                    "--dhcp-leasefile=/dev/null", "--local=/test/", "--host-record=host.test,fd00:9::1");
            node.start();
            final Predicate<IpAddress> global = address -> address.toString().startsWith("fd00:9:");
            final IpAddress formed = await(node, 1, global);
            while (usable(node.loops().getLast()).stream().filter(global).count() < 2) {
                Thread.yield();
            }
            assertThat(usable(node.loops().getFirst())).isEqualTo(usable(node.loops().getLast()));
            assertThat(node.loops().getFirst().stack().network().routes().all()).isNotEmpty();
            namespace.run("ping", "-6", "-c", "2", "-i", "0.2", "-W", "5", formed.toString()).expectSuccess();
            // Ports enough to come to both loops.
            for (int port = 40_000; port < 40_006; port++) {
                assertThat(namespace.start("hello", "socat", "-t10", "-",
                        "TCP6:[" + formed + "]:7,sourceport=" + port).await(20).expectSuccess().out())
                        .isEqualTo("hello");
            }
            awaitEvent(event -> event instanceof final DnsChanged dns
                    && dns.servers().contains(IpAddress.parse("fd00:9::1")));
        }
    }

    @Test
    void shouldNotTakeAddressesThatLinuxHas() {
        try (DataplaneNode node = open(AutoconfConfig.STATIC.withConflictDetection(ConflictDetection.FULL),
                "10.7.0.1/24", "10.7.0.2/24", "fd00:7::1/64", "fd00:7::2/64")) {
            namespace.adopt(TAP, "10.7.0.1/24", "fd00:7::1/64");
            node.start();
            for (final String taken : List.of("10.7.0.1", "fd00:7::1")) {
                awaitEvent(event -> event instanceof final AddressConflict conflict && conflict.givenUp()
                        && conflict.address().equals(IpAddress.parse(taken)));
            }
            for (final String free : List.of("10.7.0.2", "fd00:7::2")) {
                await(node, 1, IpAddress.parse(free)::equals);
                namespace.run("ping", "-c", "1", "-W", "5", free).expectSuccess();
            }
            for (final LoopContext loop : node.loops()) {
                assertThat(usable(loop)).doesNotContain(IpAddress.parse("10.7.0.1"), IpAddress.parse("fd00:7::1"));
            }
        }
    }
}
