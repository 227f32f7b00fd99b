package io.netchannel.tcpip.script.call;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;

/** A UDP socket. Of datagrams that wait it keeps the lengths: scripts see no more of them. */
final class DatagramSocket extends Descriptor {

    /** Linux: rmem_default. */
    private static final long RECEIVE_BUFFER_BYTES = 212_992;

    private final Environment host;
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private final Map<SocketOption, Long> options = new EnumMap<>(SocketOption.class);
    private final UdpHandler handler = new Handler();
    private UdpSocket socket;
    private long waitingBytes;
    private long arrivals;
    private boolean readShut;
    private int error;

    DatagramSocket(final Environment host) {
        this.host = host;
    }

    long bind(final long high, final long low, final int port) {
        if (socket != null) {
            return -Errno.EINVAL;
        }
        try {
            socket = host.stack().udp().bind(high, low, port, handler);
        } catch (final UncheckedIOException taken) {
            return -Errno.EADDRINUSE;
        }
        return 0;
    }

    /** A bound one keeps its port. */
    long connect(final long remoteHigh, final long remoteLow, final int remotePort) {
        final UdpSocket before = socket;
        if (before != null) {
            before.close();
        }
        try {
            socket = host.stack().udp().connect(before == null ? 0 : before.localHigh(),
                    before == null ? 0 : before.localLow(), before == null ? 0 : before.localPort(), remoteHigh,
                    remoteLow, remotePort, handler);
        } catch (final UncheckedIOException refused) {
            socket = null;
            return -Errno.ENETUNREACH;
        }
        return 0;
    }

    boolean isConnected() {
        return socket != null && socket.isConnected();
    }

    /**
     * Sends one datagram, to the remote side of a connected socket or to what "..." stands for.
     *
     * @param payload or null for zeros
     */
    long send(final byte[] payload, final int lengthBytes) {
        if (error != 0) {
            return -takeError();
        }
        if (socket == null) {
            final long bound = bind(0, 0, 0);
            if (bound != 0) {
                return bound;
            }
        }
        final long address = socket.reserve(lengthBytes);
        if (address == 0) {
            return lengthBytes > socket.maxReserveBytes() ? -Errno.EMSGSIZE : -Errno.ENOBUFS;
        }
        final OrderedMemory memory = host.stack().ip().pool().packets().memory();
        if (payload == null) {
            memory.fill(address, lengthBytes, (byte) 0);
        } else {
            memory.copyFromArray(payload, 0, address, lengthBytes);
        }
        final int sent = socket.isConnected()
                ? socket.commit(lengthBytes)
                : socket.commit(host.remoteAddress().high(), host.remoteAddress().low(), host.connectPort(),
                        lengthBytes);
        return switch (sent) {
            case UdpSocket.TOO_LONG -> -Errno.EMSGSIZE;
            case UdpSocket.WOULD_BLOCK -> -Errno.EAGAIN;
            case UdpSocket.NO_ROUTE -> -Errno.ENETUNREACH;
            case UdpSocket.CLOSED -> -Errno.EPIPE;
            default -> sent;
        };
    }

    /** @param wholeLength whether to answer with the datagram's length although the buffer is shorter: MSG_TRUNC */
    long receive(final int lengthBytes, final boolean peek, final boolean wholeLength, final boolean mayWait) {
        if (error != 0) {
            return -takeError();
        }
        if (waiting.isEmpty()) {
            if (readShut) {
                return 0;
            }
            return mayWait ? PendingCall.WAIT : -Errno.EAGAIN;
        }
        final int datagramBytes = peek ? waiting.peek() : waiting.poll();
        if (!peek) {
            waitingBytes -= datagramBytes;
        }
        return wholeLength ? datagramBytes : Math.min(datagramBytes, lengthBytes);
    }

    /** FIONREAD: the length of the next datagram. */
    int nextBytes() {
        return waiting.isEmpty() ? 0 : waiting.peek();
    }

    long shutdown(final int how) {
        if (!isConnected()) {
            return -Errno.ENOTCONN;
        }
        readShut |= how != LinuxNumbers.SHUT_WR;
        return 0;
    }

    private int takeError() {
        final int taken = error;
        error = 0;
        return taken;
    }

    // -- options

    long setOption(final SocketOption option, final Arguments arguments) {
        return switch (option) {
            case SO_REUSEADDR, SO_REUSEPORT, SO_PRIORITY, SO_MARK, SO_BUSY_POLL, SO_SNDBUF, SO_RCVBUF, IPV6_V6ONLY,
                    IP_FREEBIND -> {
                options.put(option, arguments.bracketed(3));
                yield 0;
            }
            case SO_BINDTODEVICE -> 0;
            default -> {
                if (option.level() == SocketOption.Level.TCP) {
                    yield -Errno.ENOPROTOOPT;
                }
                throw arguments.unsupported(option + " of UDP");
            }
        };
    }

    long getOption(final SocketOption option) {
        return switch (option) {
            case SO_ERROR -> takeError();
            case SO_TYPE -> LinuxNumbers.SOCK_DGRAM;
            case SO_PROTOCOL -> LinuxNumbers.IPPROTO_UDP;
            default -> {
                if (!options.containsKey(option)) {
                    throw new SystemCalls.UnsupportedCall("getsockopt: " + option + " of UDP");
                }
                yield options.get(option);
            }
        };
    }

    // -- Descriptor

    @Override
    int readiness() {
        return OUT | (waiting.isEmpty() && !readShut ? 0 : IN) | (readShut ? READ_HANG_UP : 0)
                | (error == 0 ? 0 : ERR | IN);
    }

    @Override
    long arrivals() {
        return arrivals;
    }

    @Override
    long close(final PendingCall call, final long nowNs) {
        if (socket != null) {
            socket.close();
        }
        return 0;
    }

    private final class Handler implements UdpHandler {

        @Override
        public void onDatagram(final UdpSocket to, final long remoteHigh, final long remoteLow, final int remotePort,
                final long address, final int lengthBytes) {
            if (waitingBytes + lengthBytes <= options.getOrDefault(SocketOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)) {
                waiting.add(lengthBytes);
                waitingBytes += lengthBytes;
                arrivals++;
            }
        }

        // RFC 1122, 4.1.3.3. Without IP_RECVERR, Linux tells only connected sockets, and not of what may pass.
        @Override
        public void onError(final UdpSocket from, final TransportError cause, final long remoteHigh,
                final long remoteLow, final int remotePort, final int mtuBytes) {
            final boolean hard = switch (cause) {
                case PORT_UNREACHABLE, PROTOCOL_UNREACHABLE, PROHIBITED -> true;
                default -> false;
            };
            if (hard && isConnected()) {
                error = IcmpErrno.of(cause, host.dialect());
            }
        }
    }
}
