package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.stick.DataType;
import io.netchannel.samples.haproxy.stick.StickTable;
import io.netchannel.samples.haproxy.stick.TableConfig;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StickFetchTest {

    private final Places places = Places.http();
    private final FakeContext context = new FakeContext();
    private final StickTable table = table("t", TableConfig.KeyType.STRING,
            Map.of(DataType.CONN_CNT, 1, DataType.GPC0, 1,
                    DataType.GPC0_RATE, 1, DataType.GPT0, 1, DataType.BYTES_IN_CNT, 1, DataType.SERVER_ID, 1));
    private final StickTable arrays = table("arrays", TableConfig.KeyType.STRING,
            Map.of(DataType.GPC, 4, DataType.GPC_RATE, 4));

    /** @param stores how many elements of each; rates are of 10 seconds */
    static StickTable table(final String name, final TableConfig.KeyType type, final Map<DataType, Integer> stores) {
        final Map<DataType, TableConfig.Store> all = new EnumMap<>(DataType.class);
        stores.forEach((data, elements) -> all.put(data, new TableConfig.Store(elements, data.isRate() ? 10_000 : 0)));
        return new StickTable(new TableConfig(name, type, 31, 100, 0, false, all, false, "t.cfg", 1));
    }

    private Object ask(final String expression) throws ConfigException {
        final Value value = Expression.parse(expression, places.place).evaluate(context);
        return value instanceof Value.Int(long number) ? (Object) number : value;
    }

    @Test
    void shouldReadAndChangeTrackedCounters() throws ConfigException {
        context.tables.put("t", table);
        context.tables.put("arrays", arrays);
        assertNull(ask("sc0_conn_cnt"));
        assertEquals(Casts.bool(false), ask("sc0_tracked"));
        context.tracked[0] = table.findOrCreate(new Value.Str("key"), 0);
        context.tracked[0].set("conn_cnt", 7, 0);
        context.tracked[0].set("bytes_in_cnt", 5000, 0);
        assertEquals(7L, ask("sc0_conn_cnt"));
        assertEquals(7L, ask("sc_conn_cnt(0)"));
        assertEquals(7L, ask("sc0_conn_cnt(t)"));
        assertNull(ask("sc1_conn_cnt"));
        assertNull(ask("sc0_conn_rate"));
        assertEquals(4L, ask("sc0_kbytes_in"));
        assertEquals(0L, ask("sc0_trackers"));
        assertEquals(Casts.bool(true), ask("sc_tracked(0)"));
        assertEquals(1L, ask("sc0_inc_gpc0"));
        assertEquals(2L, ask("sc_inc_gpc0(0)"));
        assertEquals(2L, ask("sc0_gpc0_rate"));
        assertEquals(2L, ask("sc0_clr_gpc0"));
        assertEquals(0L, ask("sc0_get_gpc0"));
        // The same key in another table: none there, then one that the increment makes.
        assertEquals(0L, ask("sc_get_gpc(3,0,arrays)"));
        assertEquals(1L, ask("sc_inc_gpc(3,0,arrays)"));
        assertEquals(1L, ask("sc_get_gpc(3,0,arrays)"));
        assertEquals(0L, ask("sc0_get_gpc0(arrays)"));
        assertEquals(1L, ask("sc0_inc_gpc0(arrays)"));
        assertEquals(1L, ask("sc_get_gpc(0,0,arrays)"));
        assertEquals(1L, ask("str(key),table_gpc0(arrays)"));
    }

    @Test
    void shouldLookUpTheSource() throws ConfigException {
        context.tables.put("t", table);
        assertEquals(0L, ask("src_conn_cnt(t)"));
        assertEquals(1L, ask("src_updt_conn_cnt(t)"));
        assertEquals(1L, ask("src_conn_cnt(t)"));
        assertEquals(1L, ask("src_inc_gpc0(t)"));
        assertEquals(1L, ask("src,table_conn_cnt(t)"));
        assertEquals(1L, ask("src,table_gpc0(t)"));
        assertEquals(0L, ask("str(10.0.0.1),table_conn_cnt(t)"));
        assertNull(ask("src,table_conn_rate(t)"));
        assertEquals(Casts.bool(true), ask("src,in_table(t)"));
        assertEquals(Casts.bool(false), ask("str(x),in_table(t)"));
        assertEquals(1L, ask("table_cnt(t)"));
        assertEquals(99L, ask("table_avl(t)"));
        assertEquals(0L, ask("src,table_server_id(t)"));
        assertNull(ask("src_conn_cnt(none)"));
    }

    @Test
    void shouldTellOfProxiesAndServers() throws ConfigException {
        assertEquals(2L, ask("nbsrv(be1)"));
        assertEquals(21L, ask("fe_conn"));
        assertEquals(15L, ask("connslots(be1)"));
        assertEquals(32L, ask("srv_queue(be1/s1)"));
        assertEquals(Casts.bool(true), ask("srv_is_up(be1/s1)"));
        assertEquals(Casts.bool(false), ask("srv_is_up(be1/s2)"));
        assertNull(ask("srv_name"));
        context.serverName = "s1";
        assertEquals(new Value.Str("s1"), ask("srv_name"));
        assertEquals(7L, ask("srv_id"));
        assertEquals(new Value.Str("be1"), ask("be_name"));
        assertEquals(1466074440L, ask("date"));
        assertEquals(1466074440123L, ask("date(0,ms)"));
        assertEquals(1466074430L, ask("date(-10)"));
        assertEquals(123000L, ask("date_us"));
    }
}
