package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.script.call.IpVersion;
import io.netchannel.tcpip.script.syntax.Script;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.Map;

/** What the options at a script's head say; else packetdrill's defaults. */
final class ScriptSettings {

    private static final int MAX_PORT = 0xFFFF;
    private static final int MAX_MTU_BYTES = 65_535;
    private static final int DEFAULT_MTU_BYTES = 1500;
    /** With IPv6 the Linux suites are run so that the segment size is that of IPv4. */
    private static final int LINUX_IPV6_MTU_BYTES = 1520;

    final Dialect dialect;
    final IpVersion ipVersion;
    IpAddress localAddress;
    IpAddress remoteAddress;
    int bindPort = 8080;
    int connectPort = 8080;
    int mtuBytes;
    long toleranceNs = 4_000_000;
    double tolerancePercent = 12.5;
    long timestampTickUs;
    /** Injected packets with more come as super-frames of such segments; 0: as they are. */
    int injectedSegmentBytes;
    boolean scaledEchoes;
    boolean strictSegments;
    boolean callsMayFail;
    boolean packetsMayDiffer;

    ScriptSettings(final List<Script.Option> options, final Dialect dialect, final IpVersion fallback) {
        this.dialect = dialect;
        this.ipVersion = ipVersion(options, fallback);
        final boolean ipv6 = ipVersion.isIpv6OnWire();
        this.localAddress = IpAddress.parse(ipv6 ? "fd3d:a0b:17d6::1" : "192.168.0.1");
        this.remoteAddress = IpAddress.parse(ipv6 ? "fd3d:fa7b:d17d::1" : "192.0.2.1");
        this.mtuBytes = ipv6 && dialect == Dialect.LINUX ? LINUX_IPV6_MTU_BYTES : DEFAULT_MTU_BYTES;
        options.forEach(this::apply);
    }

    private static IpVersion ipVersion(final List<Script.Option> options, final IpVersion fallback) {
        for (final Script.Option option : options) {
            if (option.name().equals("ip_version")) {
                final IpVersion version = option.value() == null ? null : IpVersion.of(option.value());
                if (version == null) {
                    throw malformed(option, "ipv4, ipv6 or ipv4-mapped-ipv6");
                }
                return version;
            }
        }
        return fallback;
    }

    /** Symbols that the public suites' runners define, with their values. */
    static Map<String, String> definitions(final List<Script.Option> options, final IpVersion fallback) {
        final boolean ipv6Sockets = ipVersion(options, fallback) != IpVersion.IPV4;
        final boolean ipv6 = ipVersion(options, fallback).isIpv6OnWire();
        return Map.of("TFO_COOKIE", ipv6 ? "c1d1e9742a47a9bc" : "3021b9d889017eeb", "CODE",
                ipv6 ? "address_unreachable" : "host_unreachable", "CMSG_LEVEL_IP", ipv6Sockets ? "SOL_IPV6" : "SOL_IP",
                "CMSG_TYPE_RECVERR", ipv6Sockets ? "IPV6_RECVERR" : "IP_RECVERR", "MSS", "1460");
    }

    private void apply(final Script.Option option) {
        switch (option.name()) {
            case "local_ip" -> localAddress = address(option);
            case "remote_ip" -> remoteAddress = address(option);
            case "bind_port" -> bindPort = (int) number(option, 1, MAX_PORT);
            case "connect_port" -> connectPort = (int) number(option, 1, MAX_PORT);
            case "mtu" -> mtuBytes = (int) number(option, 68, MAX_MTU_BYTES);
            case "tolerance_usecs" -> toleranceNs = 1000 * number(option, 0, 1_000_000_000);
            case "tolerance_percent" -> tolerancePercent = number(option, 0, 100);
            case "tcp_ts_tick_usecs" -> timestampTickUs = number(option, 0, 1_000_000);
            case "tcp_ts_ecr_scaled" -> scaledEchoes = true;
            case "mss" -> injectedSegmentBytes = (int) number(option, 1, MAX_MTU_BYTES);
            case "strict_segments" -> strictSegments = true;
            case "non_fatal" -> {
                callsMayFail = option.value() != null && option.value().contains("syscall");
                packetsMayDiffer = option.value() != null && option.value().contains("packet");
            }
            case "udp_encapsulation" -> throw ScriptStop.skip("TCP over UDP");
            case "psp_udp_port" -> throw ScriptStop.skip("PSP");
            case "ip_version", "define", "gateway_ip", "netmask_ip", "speed", "init_scripts", "verbose", "debug",
                    "send_omit_free" -> {
                // Said elsewhere, or without meaning on a wire of our own.
            }
            default -> throw ScriptStop.skip("option --" + option.name());
        }
    }

    private IpAddress address(final Script.Option option) {
        try {
            final IpAddress address = IpAddress.parse(String.valueOf(option.value()));
            if (address.isIpv4() == ipVersion.isIpv6OnWire()) {
                throw malformed(option, "an address of " + ipVersion);
            }
            return address;
        } catch (final IllegalArgumentException _) {
            throw malformed(option, "an IP address");
        }
    }

    private static long number(final Script.Option option, final long min, final long max) {
        try {
            final long value = Long.parseLong(String.valueOf(option.value()));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (final NumberFormatException _) {
            // Reported below.
        }
        throw malformed(option, "a number within " + min + ".." + max);
    }

    private static ScriptStop malformed(final Script.Option option, final String expected) {
        return ScriptStop.failure("syntax", "line " + option.line() + ": --" + option.name() + "=" + option.value()
                + ": expected " + expected);
    }
}
