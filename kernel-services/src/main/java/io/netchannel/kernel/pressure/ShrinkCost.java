package io.netchannel.kernel.pressure;

/** What it costs to have memory back that was given, from nearly nothing to work of others. */
public final class ShrinkCost {

    /** Free memory that is kept for speed: a page fault. */
    public static final int FREE_BUFFERS = 10;
    /** Pages of files: read again from where they are. */
    public static final int FILE_PAGES = 20;
    /** The Java heap's free part: a collection. */
    public static final int JAVA_HEAP = 30;
    /** Send and receive buffers: a connection that is slower. */
    public static final int SOCKET_BUFFERS = 40;
    /** A cache: what is behind it is asked again. */
    public static final int CACHE = 50;

    private ShrinkCost() {
    }
}
