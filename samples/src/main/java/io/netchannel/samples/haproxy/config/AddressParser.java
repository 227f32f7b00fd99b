package io.netchannel.samples.haproxy.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** Reads addresses in all forms that the configuration manual has for them (11). */
public final class AddressParser {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PATH = 107;
    /** While it starts, a socket's path has a pid and an ending behind it. */
    private static final int PATH_ENDING = 10;
    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_V6 = InetAddress.ofLiteral("::");

    /** What is accepted in a place. */
    public enum Allow {
        /** A port; else it is an error. */
        PORT,
        /** There must be a port. */
        PORT_MANDATORY,
        /** {@code LOW-HIGH}. */
        PORT_RANGE,
        /** {@code +N} or {@code -N}. */
        PORT_OFFSET,
        /** {@code fd@N} of a socket. */
        SOCKET_FD,
        /** {@code fd@N} of anything. */
        RAW_FD, STREAM, DATAGRAM,
        /** Without a prefix it is for datagrams. */
        DATAGRAM_DEFAULT,
        /** A name is resolved at once. */
        RESOLVE,
        /** A name may be left to be resolved later. */
        NAME
    }

    /** Of {@code bind}. */
    public static final Set<Allow> BIND = EnumSet.of(Allow.RESOLVE, Allow.PORT, Allow.PORT_MANDATORY, Allow.PORT_RANGE,
            Allow.SOCKET_FD, Allow.STREAM);
    /** Of {@code server}. */
    public static final Set<Allow> SERVER = EnumSet.of(Allow.NAME, Allow.PORT, Allow.PORT_OFFSET, Allow.STREAM);
    /** Of {@code dispatch}, {@code socks4}. */
    public static final Set<Allow> CONNECT = EnumSet.of(Allow.RESOLVE, Allow.PORT, Allow.PORT_MANDATORY, Allow.STREAM);
    /** Of {@code source}, {@code addr}. */
    public static final Set<Allow> SOURCE = EnumSet.of(Allow.RESOLVE, Allow.PORT, Allow.STREAM);
    /** Of a server's {@code source}. */
    public static final Set<Allow> SOURCE_RANGE = EnumSet.of(Allow.RESOLVE, Allow.PORT, Allow.PORT_RANGE, Allow.STREAM);
    /** Of {@code log}. */
    public static final Set<Allow> LOG = EnumSet.of(Allow.RESOLVE, Allow.PORT, Allow.RAW_FD, Allow.DATAGRAM,
            Allow.STREAM, Allow.DATAGRAM_DEFAULT);
    /** Of a resolver's {@code nameserver}. */
    public static final Set<Allow> NAMESERVER = EnumSet.of(Allow.PORT, Allow.PORT_MANDATORY, Allow.DATAGRAM,
            Allow.STREAM, Allow.DATAGRAM_DEFAULT);

    /**
     * What was read.
     *
     * @param low the first port of a range, or the only one
     * @param high the last
     */
    public record Parsed(Address address, int low, int high, boolean datagram) {
    }

    private enum Family {
        UNSPECIFIED, IPV4, IPV6, UNIX, ABSTRACT, DESCRIPTOR
    }

    private final String text;
    private final Set<Allow> allow;
    private String rest;
    private Family family = Family.UNSPECIFIED;
    private boolean datagram;
    private boolean quic;

    private AddressParser(final String text, final Set<Allow> allow) {
        this.text = text;
        this.allow = allow;
    }

    /** @param unixPrefix what paths of UNIX sockets begin with; may be "" */
    public static Parsed parse(final String text, final Set<Allow> allow, final String unixPrefix,
            final Environment environment) throws ConfigException {
        final AddressParser parser = new AddressParser(text, allow);
        parser.rest = environment.expand(text);
        if (parser.rest.isEmpty()) {
            throw new ConfigException("'" + text + "' resolves to an empty address (environment variable missing?)");
        }
        parser.prefixes();
        final Parsed parsed = switch (parser.family) {
            case DESCRIPTOR -> parser.descriptor();
            case UNIX -> parser.path(unixPrefix);
            case ABSTRACT -> parser.path("");
            default -> parser.ip();
        };
        if (!parser.datagram && !allow.contains(Allow.STREAM)) {
            throw new ConfigException("stream-type address not acceptable in '" + text + "'");
        }
        if (parser.datagram && !allow.contains(Allow.DATAGRAM)) {
            throw new ConfigException("dgram-type address not acceptable in '" + text + "'");
        }
        if (parser.quic) {
            throw new ConfigException("unsupported stream protocol for datagram family "
                    + (parsed.address() instanceof Address.Ip ip && ip.ip() instanceof Inet4Address ? 2 : 10)
                    + " address '" + text + "'; QUIC is not compiled in if this is what you were looking for.");
        }
        return parsed;
    }

    private void prefixes() {
        datagram = allow.contains(Allow.DATAGRAM)
                && (!allow.contains(Allow.STREAM) || allow.contains(Allow.DATAGRAM_DEFAULT));
        if (take("stream+")) {
            datagram = false;
        } else if (take("dgram+")) {
            datagram = true;
        }
        if (take("unix@") || rest.startsWith("/")) {
            family = Family.UNIX;
        } else if (take("uxdg@")) {
            family = Family.UNIX;
            datagram = true;
        } else if (take("uxst@")) {
            family = Family.UNIX;
            datagram = false;
        } else if (take("abns@")) {
            family = Family.ABSTRACT;
        } else if (take("fd@")) {
            family = Family.DESCRIPTOR;
        } else {
            ipPrefixes();
        }
    }

    private void ipPrefixes() {
        if (take("ip@")) {
            return;
        }
        for (final String protocol : new String[]{"ipv", "tcp", "udp", "quic"}) {
            if (rest.startsWith(protocol)) {
                final String digit = rest.substring(protocol.length());
                if (digit.startsWith("4@") || digit.startsWith("6@")) {
                    family = digit.startsWith("4") ? Family.IPV4 : Family.IPV6;
                    rest = digit.substring(2);
                } else if (digit.startsWith("@") && !"ipv".equals(protocol) && !"quic".equals(protocol)) {
                    rest = digit.substring(1);
                } else {
                    return;
                }
                quic = "quic".equals(protocol);
                if (!"ipv".equals(protocol)) {
                    datagram = "udp".equals(protocol);
                }
                return;
            }
        }
    }

    private boolean take(final String prefix) {
        if (!rest.startsWith(prefix)) {
            return false;
        }
        rest = rest.substring(prefix.length());
        return true;
    }

    private Parsed descriptor() throws ConfigException {
        if (rest.isEmpty() || rest.length() > 9 || !rest.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ConfigException("file descriptor '" + rest + "' is not a valid integer in '" + text + "'");
        }
        if (!allow.contains(Allow.SOCKET_FD) && !allow.contains(Allow.RAW_FD)) {
            throw new ConfigException("a file descriptor is not acceptable here in '" + text + "'");
        }
        final int fd = Integer.parseInt(rest);
        if (allow.contains(Allow.SOCKET_FD) && !Files.exists(Path.of("/proc/self/fd/" + fd),
                java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            throw new ConfigException("cannot use file descriptor '" + fd + "' : Bad file descriptor.");
        }
        return new Parsed(new Address.Descriptor(fd), 0, 0, datagram);
    }

    private Parsed path(final String prefix) throws ConfigException {
        final int max = family == Family.ABSTRACT ? MAX_PATH : MAX_PATH - prefix.length() - PATH_ENDING;
        if (rest.length() > max) {
            throw new ConfigException("socket path '" + text + "' too long (max " + max + ")");
        }
        return new Parsed(family == Family.ABSTRACT ? new Address.Abstract(rest) : new Address.Unix(prefix + rest), 0,
                0,
                datagram);
    }

    // -- IP

    private Parsed ip() throws ConfigException {
        int colon = rest.length() - 1;
        while (colon > 0 && rest.charAt(colon) != ']' && rest.charAt(colon) != ':') {
            colon--;
        }
        final boolean hasPort = rest.charAt(colon) == ':';
        if (hasPort && !allow.contains(Allow.PORT)) {
            throw new ConfigException("port specification not permitted here in '" + text + "'");
        }
        final String portText = hasPort ? rest.substring(colon + 1) : "";
        final String host = hasPort ? rest.substring(0, colon) : rest;
        if (portText.isEmpty() && allow.contains(Allow.PORT_MANDATORY)) {
            throw new ConfigException("missing port specification in '" + text + "'");
        }
        int low = 0;
        int high = 0;
        int port = 0;
        boolean relative = portText.isEmpty();
        if (!portText.isEmpty()) {
            final char first = portText.charAt(0);
            if (first >= '0' && first <= '9') {
                final int dash = portText.indexOf('-');
                if (dash >= 0 && !allow.contains(Allow.PORT_RANGE)) {
                    throw new ConfigException("port range not permitted here in '" + text + "'");
                }
                low = port(dash < 0 ? portText : portText.substring(0, dash));
                high = dash < 0 ? low : port(portText.substring(dash + 1));
                if (low > high) {
                    throw new ConfigException("invalid port range '" + low + "-" + high + "'");
                }
                port = low;
                // As haproxy has it: a server's port 0 is the client's one.
                relative = low == 0;
            } else if (first == '-' || first == '+') {
                if (!allow.contains(Allow.PORT_OFFSET)) {
                    throw new ConfigException("port offset not permitted here in '" + text + "'");
                }
                port = (int) Units.leadingInteger(portText.substring(1)) * (first == '-' ? -1 : 1);
                relative = true;
            } else {
                throw new ConfigException("invalid character '" + first + "' in port number '" + portText + "' in '"
                        + text + "'");
            }
        }
        return new Parsed(new Address.Ip(host, address(host), port, relative), low, high, datagram);
    }

    private int port(final String digits) throws ConfigException {
        final long port = Units.leadingInteger(digits);
        if (port < (allow.contains(Allow.PORT_MANDATORY) ? 1 : 0) || port > MAX_PORT) {
            throw new ConfigException("invalid port '" + digits + "'");
        }
        return (int) port;
    }

    private InetAddress address(final String host) throws ConfigException {
        final InetAddress literal = literal(host, family == Family.IPV6);
        if (literal != null) {
            if (family == Family.UNSPECIFIED || literal instanceof Inet4Address == (family == Family.IPV4)) {
                return literal;
            }
        } else if (allow.contains(Allow.NAME)) {
            return null;
        } else if (allow.contains(Allow.RESOLVE)) {
            final InetAddress resolved = resolve(host, family == Family.IPV6);
            if (resolved != null) {
                return resolved;
            }
        }
        throw new ConfigException("invalid address: '" + host + "' in '" + text + "'");
    }

    /** @return null if the text is a name, or nothing that makes sense */
    public static InetAddress literal(final String host, final boolean v6) {
        if (host.isEmpty() || "*".equals(host)) {
            return v6 ? ANY_V6 : ANY_V4;
        }
        try {
            final boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host);
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    /** @return null if the name isn't known */
    public static InetAddress resolve(final String host, final boolean v6) {
        try {
            final InetAddress[] all = InetAddress.getAllByName(host);
            for (final InetAddress address : all) {
                if (!v6 || !(address instanceof Inet4Address)) {
                    return address;
                }
            }
        } catch (final UnknownHostException e) {
            // Null says it.
        }
        return null;
    }
}
