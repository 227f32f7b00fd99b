package io.netchannel.cpu;

/**
 * {@link OrderedMemory} on the CPU that the JVM runs on.
 *
 * <p>By {@code RawMemory} where the JVM was started with {@code --add-exports java.base/jdk.internal.misc=ALL-UNNAMED}, and
 * otherwise by the Foreign Memory API. Only the class that is taken is ever loaded: that is what lets HotSpot remove the
 * dispatch.
 */
public final class HostMemory {

    /** The only instance. */
    public static final OrderedMemory INSTANCE = isRawAvailable() ? new RawMemory() : new SegmentMemory();

    private HostMemory() {
    }

    /** Whether the JVM lets memory be accessed in the fastest way. */
    public static boolean isRawAvailable() {
        return Object.class.getModule().isExported("jdk.internal.misc", HostMemory.class.getModule());
    }
}
