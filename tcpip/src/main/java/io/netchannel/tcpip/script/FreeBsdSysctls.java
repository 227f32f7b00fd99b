package io.netchannel.tcpip.script;

import static io.netchannel.tcpip.tcp.TcpSetting.*;

/** FreeBSD's names (tcp(4)). Times are milliseconds. */
final class FreeBsdSysctls {

    private static final long MS_NS = 1_000_000L;
    /** FreeBSD's TCPTV_KEEP_INIT. */
    private static final int KEEP_INIT_MS = 75_000;

    private FreeBsdSysctls() {
    }

    static SysctlTable table() {
        final SysctlTable table = new SysctlTable();
        mapped(table);
        times(table);
        constants(table);
        return table;
    }

    private static void mapped(final SysctlTable table) {
        table.switching("net.inet.tcp.sack.enable", SACK);
        table.setting("net.inet.tcp.ecn.enable", ECN);
        // 2: window scaling alone; 3: timestamps alone.
        table.row("net.inet.tcp.rfc1323", (config, value) -> {
            final long options = SysctlTable.number(value);
            return SysctlTable.mapped(config.with(WINDOW_SCALING, options == 1 || options == 2).with(TIMESTAMPS,
                    options == 1 || options == 3));
        });
        table.row("net.inet.tcp.recvspace", (config, value) -> SysctlTable
                .mapped(SysctlTable.clamped(config, RECEIVE_BUFFER_BYTES, SysctlTable.number(value))));
        table.row("net.inet.tcp.sendspace", (config, value) -> SysctlTable
                .mapped(SysctlTable.clamped(config, SEND_BUFFER_BYTES, SysctlTable.number(value))));
        // The largest receive buffer, for which the window scale is chosen.
        table.row("kern.ipc.maxsockbuf", (config, value) -> SysctlTable
                .mapped(SysctlTable.clamped(config, RECEIVE_BUFFER_MAX_BYTES, SysctlTable.number(value))));
        table.switching("net.inet.tcp.syncookies", SYN_COOKIES);
        table.row("net.inet.tcp.syncookies_only", (config, value) -> SysctlTable.number(value) == 0
                ? SysctlTable.mapped(config.get(SYN_COOKIES) == 2 ? config.with(SYN_COOKIES, 1) : config)
                : SysctlTable.set(config, SYN_COOKIES, 2));
        // What is set there are retransmissions with ECN.
        table.setting("net.inet.tcp.ecn.maxretries", ECN_FALLBACK, retransmissions -> retransmissions + 1);
        table.setting("net.inet.tcp.insecure_rst", EXACT_RESETS, value -> value == 0 ? 1 : 0);
        table.setting("net.inet.tcp.insecure_syn", CHALLENGE_SYNS, value -> value == 0 ? 1 : 0);
        table.setting("net.inet.tcp.drop_synfin", SYN_FIN, value -> value == 0 ? 0 : 2);
        table.setting("net.inet.tcp.initcwnd_segments", INITIAL_WINDOW_SEGMENTS);
    }

    private static void times(final SysctlTable table) {
        table.setting("net.inet.tcp.rexmit_initial", INITIAL_RTO_NS, ms -> ms * MS_NS);
        // Added to the smoothed time, where Linux has the least variance.
        table.setting("net.inet.tcp.rexmit_slop", MIN_RTO_NS, ms -> ms * MS_NS);
        table.setting("net.inet.tcp.delacktime", DELAYED_ACK_NS, ms -> ms * MS_NS);
        table.setting("net.inet.tcp.keepidle", KEEP_ALIVE_IDLE_NS, ms -> ms * MS_NS);
        table.setting("net.inet.tcp.keepintvl", KEEP_ALIVE_INTERVAL_NS, ms -> ms * MS_NS);
        table.setting("net.inet.tcp.keepcnt", KEEP_ALIVE_PROBES);
        table.setting("net.inet.tcp.msl", TIME_WAIT_NS, ms -> 2 * ms * MS_NS);
        table.setting("net.inet.tcp.finwait2_timeout", FIN_WAIT_2_NS, ms -> ms * MS_NS);
        table.fixed("net.inet.tcp.keepinit", ms -> ms == KEEP_INIT_MS, "a SYN is given up after its retransmissions");
    }

    private static void constants(final SysctlTable table) {
        table.harmless("net.inet.tcp.hostcache.purgenow", "nothing is remembered of a peer");
        table.harmless("net.inet.tcp.hostcache.enable", "nothing is remembered of a peer");
        table.harmless("net.inet.tcp.fastopen.client_enable", "Fast Open is used only by those who ask for it");
        table.harmless("net.inet.tcp.fastopen.server_enable", "Fast Open is used only by those who ask for it");
        table.harmless("net.inet.tcp.udp_tunneling_overhead", "it concerns TCP over UDP, which has no port");
        table.fixed("net.inet.tcp.udp_tunneling_port", port -> port == 0, "TCP doesn't go over UDP");
        table.fixed("net.inet.tcp.blackhole", value -> value == 0, "segments of no connection are reset");
        table.fixed("net.inet.tcp.rexmit_drop_options", value -> value == 0, "a SYN keeps its options");
        table.fixed("net.inet.tcp.icmp_may_rst", value -> value == 1, "ICMP errors end what is being opened");
        table.fixed("net.inet.tcp.tolerate_missing_ts", value -> value == 1, "a missing timestamp is tolerated");
        table.fixed("net.inet.tcp.path_mtu_discovery", value -> value == 1, "the path's MTU is discovered");
        table.fixed("net.inet.tcp.pmtud_blackhole_detection", value -> value == 0, "black holes aren't looked for");
        table.harmless("net.inet.tcp.pmtud_blackhole_mss", "black holes aren't looked for");
        table.harmless("net.inet.tcp.v6pmtud_blackhole_mss", "black holes aren't looked for");
        table.fixed("net.inet.tcp.mssdflt", bytes -> bytes == 536, "it is 536 bytes");
        table.fixed("net.inet.tcp.v6mssdflt", bytes -> bytes == 1220, "it is 1,220 bytes");
    }
}
