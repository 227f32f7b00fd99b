package io.netchannel.kernel.pressure;

/** What a JVM lets one see and do about its heap. Threading: the loop's. */
interface HeapLevers {

    /** Bytes that the system has given to the heap. */
    long committedBytes();

    /** Bytes that were in use after the last collection of the old generation; -1 before the first. */
    long liveBytes();

    /** Bytes that the heap may grow to. */
    long maxBytes();

    /** Milliseconds for which the application has stood still for collections. */
    long pausedMs();

    /** Bytes of this process in memory. */
    long residentBytes();

    /** Has the next collection give back what it frees, as far as the collector does. */
    void tighten();

    /** As the JVM was started. */
    void loosen();

    void collect();
}
