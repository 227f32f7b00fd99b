package io.netchannel.tcpip.script.call;

/** Numbers of Linux's {@code <fcntl.h>}, {@code <sys/socket.h>} and {@code <sys/ioctl.h>}. */
final class LinuxNumbers {

    static final int O_RDWR = 0x2;
    static final int O_NONBLOCK = 0x800;
    static final int F_GETFD = 1;
    static final int F_SETFD = 2;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;

    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;
    static final int SHUT_RD = 0;
    static final int SHUT_WR = 1;
    static final int SHUT_RDWR = 2;

    /** States in struct tcp_info. */
    static final int TCP_CLOSE = 7;
    static final int TCP_LISTEN = 10;

    static final int MSG_PEEK = 0x2;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_WAITALL = 0x100;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_MORE = 0x8000;
    static final int MSG_FASTOPEN = 0x2000_0000;
    static final int SOL_TCP = 6;
    static final int TCP_CM_INQ = 36;

    /** SIOCINQ too. */
    static final long FIONREAD = 0x541B;
    static final long FIONBIO = 0x5421;
    static final long SIOCOUTQ = 0x5411;
    static final long SIOCOUTQNSD = 0x894B;

    private LinuxNumbers() {
    }
}
