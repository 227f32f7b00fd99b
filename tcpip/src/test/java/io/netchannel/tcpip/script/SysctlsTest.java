package io.netchannel.tcpip.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.tcpip.script.Sysctls.Kind;
import io.netchannel.tcpip.script.Sysctls.Result;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysctlsTest {

    private final Sysctls sysctls = new Sysctls(TcpConfig.defaults());

    @ParameterizedTest
    @CsvSource({"net.ipv4.tcp_timestamps,0,TIMESTAMPS,0", "net/ipv4/tcp_sack,0,SACK,0",
        "/proc/sys/net/ipv4/tcp_mtu_probing,2,MTU_PROBING,2", "net.ipv4.tcp_syn_retries,5,SYN_RETRIES,5",
        "net.ipv4.tcp_notsent_lowat,4294967295,NOT_SENT_LOW_WATER_BYTES,0",
        "net.ipv4.tcp_notsent_lowat,4000,NOT_SENT_LOW_WATER_BYTES,4000",
        "net.ipv4.tcp_early_retrans,0,TAIL_LOSS_PROBE,0", "net.ipv4.tcp_early_retrans,4,TAIL_LOSS_PROBE,1",
        "net.ipv4.tcp_rto_min_us,5000,MIN_RTO_NS,5000000", "net.ipv4.tcp_fin_timeout,20,FIN_WAIT_2_NS,20000000000",
        "net.ipv4.tcp_wmem,\"4096 50000 4194304\",SEND_BUFFER_BYTES,50000",
        "net.ipv4.tcp_wmem,\"4096 50000 4194304\",SEND_BUFFER_MAX_BYTES,4194304",
        "net.ipv4.tcp_rmem,4096 540000 15728640,RECEIVE_BUFFER_MAX_BYTES,15728640",
        "net.inet.tcp.rfc1323,2,TIMESTAMPS,0", "net.inet.tcp.rfc1323,2,WINDOW_SCALING,1",
        "net.inet.tcp.recvspace,65536,RECEIVE_BUFFER_BYTES,65536", "net.inet.tcp.delacktime,40,DELAYED_ACK_NS,40000000",
        "kern.ipc.maxsockbuf,4294967295,RECEIVE_BUFFER_MAX_BYTES,1073741824",
        "net.inet.tcp.syncookies_only,1,SYN_COOKIES,2", "net.inet.tcp.insecure_rst,1,EXACT_RESETS,0",
        "net.inet.tcp.insecure_syn,0,CHALLENGE_SYNS,1", "net.inet.tcp.drop_synfin,1,SYN_FIN,2",
        "net.inet.tcp.drop_synfin,0,SYN_FIN,0", "net.inet.tcp.ecn.maxretries,1,ECN_FALLBACK,2",
        "net.netchannel.hystart,0,HYSTART,0", "net.netchannel.min_rto_ns,5000000,MIN_RTO_NS,5000000"})
    void shouldMap(final String name, final String value, final TcpSetting setting, final long expected) {
        assertEquals(new Result(Kind.MAPPED, ""), sysctls.set(name, value));
        assertEquals(expected, sysctls.config().get(setting));
    }

    @Test
    void shouldSayWhyNothingChanges() {
        final Result result = sysctls.set("net.ipv4.tcp_fack", "0");
        assertEquals(Kind.HARMLESS, result.kind());
        assertFalse(result.reason().isEmpty());
        assertEquals(TcpConfig.defaults(), sysctls.config());
    }

    @ParameterizedTest
    @CsvSource({"net.ipv4.tcp_unheard_of,1", "net.inet.tcp.icmp_may_rst,0", "net.ipv4.tcp_ecn,3",
        "net.ipv4.tcp_sack,yes",
        "net.ipv4.tcp_wmem,4096", "net.ipv4.tcp_congestion_control,hybla", "net.netchannel.hystart,2",
        "net.netchannel.unheard_of,1"})
    void shouldNameWhatIsUnsupported(final String name, final String value) {
        final Result result = sysctls.set(name, value);
        assertFalse(result.isSupported());
        assertFalse(result.reason().isEmpty());
        assertEquals(TcpConfig.defaults(), sysctls.config());
    }

    @Test
    void shouldAcceptOrderOfBufferSizesThatIsNoneYet() {
        assertTrue(sysctls.set("net.inet.tcp.recvspace", "65536").isSupported());
        assertTrue(sysctls.set("kern.ipc.maxsockbuf", "73728").isSupported());
        assertEquals(65_536, sysctls.config().checked().get(TcpSetting.RECEIVE_BUFFER_BYTES));
    }
}
