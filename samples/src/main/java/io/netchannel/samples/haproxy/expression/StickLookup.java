package io.netchannel.samples.haproxy.expression;

/** A stick table as expressions use it. */
public interface StickLookup {

    String name();

    /** @return null if there is no entry */
    StickCounters find(Value key, long nowMs);

    /** Finds or makes the entry; null if the table is full and keeps its entries. */
    StickCounters findOrCreate(Value key, long nowMs);

    long available();

    long size();
}
