package io.netchannel.samples.haproxy.expression;

/** The stored data of one entry of a stick table. */
public interface StickCounters {

    /**
     * @param type {@code conn_cnt}, {@code conn_cur}, {@code conn_rate}, {@code sess_cnt}, {@code http_req_rate}, {@code gpc0},
     *     {@code gpt0}, {@code bytes_in_cnt}…: haproxy's names, an element of an array as {@code gpc(2)}
     * @return null if the table doesn't store it
     */
    Long get(String type, long nowMs);

    /** @return the value after, or null if the table doesn't store it */
    Long add(String type, long delta, long nowMs);

    void set(String type, long value, long nowMs);

    /** Streams that track it now. */
    int trackers();

    StickLookup table();

    /** What finds the entry, and in another table one of the same key. */
    Value key();
}
