package io.netchannel.samples.haproxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StatFormatsTest {

    private static final StatRow ROW = new StatRow(StatRow.Type.SERVER, "b1", 3, "s,\"1\"", 2)
            .put(StatField.LASTSESS, Metric.s32("MAP", -1)).put(StatField.LAST_CHK, Metric.output("<b>\n"));

    /** The order is haproxy 2.6's: programs count the columns. */
    @Test
    void shouldHaveHaproxysColumns() {
        final String header = StatFormats.csv(List.of()).strip();
        assertThat(header)
                .startsWith("# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,"
                        + "wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,"
                        + "tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,")
                .contains(",ttime_max,eint,idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,uweight,"
                        + "agg_server_status,agg_server_check_status,agg_check_status,-,ssl_sess,")
                .endsWith(",h1_spliced_bytes_out,");
        assertThat(header.split(",")).hasSize(128);
    }

    @Test
    void shouldQuoteWhatHoldsSeparators() {
        assertThat(StatFormats.csv(List.of(ROW)).split("\n", 3)[1]).startsWith("b1,\"s,\"\"1\"\"\",,,");
    }

    @Test
    void shouldNameTypeAndPlaceOfEachValue() {
        assertThat(StatFormats.typed(List.of(ROW), false)).contains("S.3.2.0.pxname.1:KNS:str:b1\n",
                "S.3.2.55.lastsess.1:MAP:s32:-1\n");
        assertThat(StatFormats.typed(List.of(ROW), true))
                .contains("S.3.2.0.pxname.1:KNS:str:b1:\"name of the proxy\"\n");
    }

    @Test
    void shouldEscapeInJson() {
        assertThat(StatFormats.json(List.of(ROW))).startsWith("[[{\"objType\":\"Server\",\"proxyId\":3,\"id\":2,"
                + "\"field\":{\"pos\":0,\"name\":\"pxname\"},\"processNum\":1,\"tags\":{\"origin\":\"Key\","
                + "\"nature\":\"Name\",\"scope\":\"Service\"},\"value\":{\"type\":\"str\",\"value\":\"b1\"}}")
                .contains("s,\\\"1\\\"", "<b>\\u000a").endsWith("}]]\n");
    }

    @Test
    void shouldEscapeInPages() {
        assertThat(new Html().text("<a href='x'>&\"").toString()).isEqualTo("&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
        assertThat(new Html().attribute("value", "\"><script>").toString())
                .isEqualTo(" value=\"&quot;&gt;&lt;script&gt;\"");
    }
}
