package io.netchannel.tcpip.script;

import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.tcpip.script.SysctlTable.Outcome;
import io.netchannel.tcpip.script.Sysctls.Result;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;

/** Linux's names (Documentation/networking/ip-sysctl.rst). */
final class LinuxSysctls {

    private static final long US_NS = 1_000L;
    private static final long MS_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long UNLIMITED = 0xFFFF_FFFFL;

    /** Linux, tcp_orphan_retries(): what 0 stands for. */
    private static final int DEFAULT_ORPHAN_RETRIES = 8;

    private LinuxSysctls() {
    }

    static SysctlTable table() {
        final SysctlTable table = new SysctlTable();
        options(table);
        buffers(table);
        sending(table);
        recovery(table);
        pathMtu(table);
        life(table);
        defence(table);
        others(table);
        return table;
    }

    private static void options(final SysctlTable table) {
        table.switching("net.ipv4.tcp_timestamps", TIMESTAMPS);
        table.switching("net.ipv4.tcp_window_scaling", WINDOW_SCALING);
        table.switching("net.ipv4.tcp_sack", SACK);
        table.switching("net.ipv4.tcp_dsack", DSACK);
        table.setting("net.ipv4.tcp_ecn", ECN);
        table.switching("net.ipv4.tcp_ecn_fallback", ECN_FALLBACK);
        table.harmless("net.ipv4.tcp_ecn_option", "it concerns accurate ECN, which tcp_ecn would have to ask for");
        table.harmless("net.ipv4.tcp_ecn_option_beacon",
                "it concerns accurate ECN, which tcp_ecn would have to ask for");
        table.fixed("net.ipv4.tcp_reflect_tos", value -> value == 0, "the peer's traffic class isn't reflected");
    }

    private static void buffers(final SysctlTable table) {
        // Half of the buffer is window (tcp_adv_win_scale=1); the scale is chosen for the whole of the largest.
        table.row("net.ipv4.tcp_rmem", (config, value) -> {
            final long[] sizes = SysctlTable.numbers(value, 3);
            return sizes(config, RECEIVE_BUFFER_BYTES, sizes[1] / 2, RECEIVE_BUFFER_MAX_BYTES, sizes[2]);
        });
        table.row("net.ipv4.tcp_wmem", (config, value) -> {
            final long[] sizes = SysctlTable.numbers(value, 3);
            return sizes(config, SEND_BUFFER_BYTES, sizes[1], SEND_BUFFER_MAX_BYTES, sizes[2]);
        });
        table.switching("net.ipv4.tcp_moderate_rcvbuf", BUFFER_AUTOTUNING);
        table.setting("net.ipv4.tcp_notsent_lowat", NOT_SENT_LOW_WATER_BYTES,
                value -> value >= Math.min(UNLIMITED, NOT_SENT_LOW_WATER_BYTES.max()) ? 0 : value);
        table.fixed("net.ipv4.tcp_adv_win_scale", value -> value == 1, "half of a receive buffer is window");
        table.fixed("net.ipv4.tcp_shrink_window", value -> value == 0, "windows aren't shrunk");
        table.harmless("net.core.rmem_max", "scripts ask for less by SO_RCVBUF");
        table.harmless("net.core.wmem_max", "scripts ask for less by SO_SNDBUF");
        table.harmless("net.ipv4.tcp_mem", "the memory of the machine isn't the limit");
    }

    private static Outcome sizes(final TcpConfig config, final TcpSetting size, final long bytes,
            final TcpSetting max, final long maxBytes) {
        final long limit = Math.max(bytes, maxBytes);
        return SysctlTable.mapped(SysctlTable.clamped(SysctlTable.clamped(config, max, limit), size, bytes));
    }

    private static void sending(final SysctlTable table) {
        table.row("net.ipv4.tcp_congestion_control", (config, value) -> {
            try {
                return SysctlTable.mapped(config.withCongestionControl(CongestionAlgorithm.named(value.trim())));
            } catch (final IllegalArgumentException unknown) {
                return new Outcome(config, Result.unsupported(unknown.getMessage()));
            }
        });
        table.switching("net.ipv4.tcp_slow_start_after_idle", SLOW_START_AFTER_IDLE);
        table.setting("net.ipv4.tcp_pacing_ss_ratio", PACING_SLOW_START_PERCENT);
        table.setting("net.ipv4.tcp_pacing_ca_ratio", PACING_AVOIDANCE_PERCENT);
        final String device = "how many segments go to the device together doesn't change the segments";
        table.setting("net.ipv4.tcp_min_tso_segs", MIN_FRAME_SEGMENTS);
        table.setting("net.ipv4.tcp_tso_win_divisor", FRAME_WINDOW_DIVISOR);
        table.harmless("net.ipv4.tcp_tso_rtt_log", device);
        table.harmless("net.ipv4.tcp_limit_output_bytes", "no queue is between the stack and the device");
        table.harmless("net.ipv4.tcp_autocorking", "no queue is between the stack and the device");
        // Of the queues between stack and device that is the one which paces.
        table.row("net.core.default_qdisc",
                (config, value) -> SysctlTable.mapped(config.with(PACING, value.trim().equals("fq"))));
        table.harmless("net.ipv4.tcp_no_metrics_save", "nothing is remembered of a peer");
        table.fixed("net.ipv4.tcp_workaround_signed_windows", value -> value == 0, "windows are unsigned");
    }

    private static void recovery(final SysctlTable table) {
        table.switching("net.ipv4.tcp_frto", FRTO);
        // 3 and 4 are tail loss probes; what was below has gone from Linux.
        table.setting("net.ipv4.tcp_early_retrans", TAIL_LOSS_PROBE, value -> value >= 3 ? 1 : 0);
        table.setting("net.ipv4.tcp_recovery", RACK, value -> value & 1);
        table.harmless("net.ipv4.tcp_fack", "it has done nothing since Linux 4.15");
        table.setting("net.ipv4.tcp_reordering", REORDERING_SEGMENTS);
        table.setting("net.ipv4.tcp_max_reordering", MAX_REORDERING_SEGMENTS);
        table.setting("net.ipv4.tcp_rto_min_us", MIN_RTO_NS, value -> value * US_NS);
        table.setting("net.ipv4.tcp_rto_max_ms", MAX_RTO_NS, value -> value * MS_NS);
        table.setting("net.ipv4.tcp_syn_retries", SYN_RETRIES);
        table.setting("net.ipv4.tcp_synack_retries", SYN_ACK_RETRIES);
        table.harmless("net.ipv4.tcp_retries1", "another route isn't looked for");
        table.setting("net.ipv4.tcp_retries2", RETRIES);
        table.setting("net.ipv4.tcp_orphan_retries", ORPHAN_RETRIES,
                value -> value == 0 ? DEFAULT_ORPHAN_RETRIES : value);
        table.fixed("net.ipv4.tcp_thin_linear_timeouts", value -> value == 0, "timeouts back off exponentially");
        table.fixed("net.ipv4.tcp_syn_linear_timeouts", value -> value == 0, "timeouts back off exponentially");
        table.setting("net.ipv4.tcp_comp_sack_delay_ns", COMPRESSED_ACK_NS);
        table.setting("net.ipv4.tcp_comp_sack_nr", COMPRESSED_ACK_SEGMENTS);
        table.harmless("net.ipv4.tcp_comp_sack_slack_ns", "timers here are as exact as the wheel");
        table.harmless("net.ipv4.tcp_backlog_ack_defer", "no backlog builds up while a call is made");
    }

    private static void pathMtu(final SysctlTable table) {
        table.setting("net.ipv4.tcp_mtu_probing", MTU_PROBING);
        table.setting("net.ipv4.tcp_base_mss", MTU_PROBE_BASE_BYTES);
        table.setting("net.ipv4.tcp_mtu_probe_floor", MTU_PROBE_FLOOR_BYTES);
        table.setting("net.ipv4.tcp_probe_threshold", MTU_PROBE_THRESHOLD_BYTES);
        table.setting("net.ipv4.tcp_probe_interval", MTU_PROBE_INTERVAL_NS, value -> value * SECOND_NS);
        table.setting("net.ipv4.tcp_min_snd_mss", MIN_SEND_SEGMENT_BYTES);
        table.fixed("net.ipv4.ip_no_pmtu_disc", value -> value == 0, "packets aren't fragmented");
    }

    private static void life(final SysctlTable table) {
        table.setting("net.ipv4.tcp_keepalive_time", KEEP_ALIVE_IDLE_NS, value -> value * SECOND_NS);
        table.setting("net.ipv4.tcp_keepalive_intvl", KEEP_ALIVE_INTERVAL_NS, value -> value * SECOND_NS);
        table.setting("net.ipv4.tcp_keepalive_probes", KEEP_ALIVE_PROBES);
        table.setting("net.ipv4.tcp_fin_timeout", FIN_WAIT_2_NS, value -> value * SECOND_NS);
        // 2, the default, is 1 on loopback alone.
        table.setting("net.ipv4.tcp_tw_reuse", TIME_WAIT_REUSE, value -> value == 1 ? 1 : 0);
        table.switching("net.ipv4.tcp_rfc1337", RFC1337);
        table.row("net.ipv4.ip_local_port_range", (config, value) -> {
            final long[] ports = SysctlTable.numbers(value, 2);
            final Outcome first = SysctlTable.set(config, FIRST_EPHEMERAL_PORT, ports[0]);
            return first.result().isSupported()
                    ? SysctlTable.set(first.config(), LAST_EPHEMERAL_PORT, ports[1])
                    : first;
        });
    }

    private static void defence(final SysctlTable table) {
        table.setting("net.ipv4.tcp_syncookies", SYN_COOKIES);
        table.setting("net.ipv4.tcp_max_syn_backlog", SYN_QUEUE_SEGMENTS);
        table.switching("net.ipv4.tcp_abort_on_overflow", ABORT_ON_OVERFLOW);
        table.setting("net.ipv4.tcp_challenge_ack_limit", CHALLENGE_ACKS_PER_SECOND,
                value -> Math.clamp(value, 1, CHALLENGE_ACKS_PER_SECOND.max()));
        table.setting("net.ipv4.tcp_invalid_ratelimit", INVALID_REPLY_INTERVAL_NS, value -> value * MS_NS);
        table.setting("net.ipv4.tcp_max_tw_buckets", MAX_TIME_WAITS,
                value -> Math.clamp(value, 0, MAX_TIME_WAITS.max()));
        table.harmless("net.core.somaxconn", "scripts' backlogs are short");
        table.harmless("net.ipv4.icmp_ratelimit", "no script is answered by so many errors");
    }

    private static void others(final SysctlTable table) {
        final String fastOpen = "Fast Open is used only by those who ask for it in calls or options";
        table.harmless("net.ipv4.tcp_fastopen", fastOpen);
        table.harmless("net.ipv4.tcp_fastopen_key", fastOpen);
        table.harmless("net.ipv4.tcp_fastopen_cookies", fastOpen);
        table.harmless("net.ipv4.tcp_fastopen_blackhole_timeout_sec", fastOpen);
        table.harmless("net.ipv4.conf.all.rp_filter", "there is one interface");
        table.harmless("net.ipv4.conf.tun0.rp_filter", "there is one interface");
    }
}
