package io.netchannel.kernel.linux;

/** Flags of {@code mmap}, {@code madvise} and {@code memfd_create}. */
public final class MapFlags {

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;

    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_POPULATE = 0x8000;

    public static final int MADV_HUGEPAGE = 14;

    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    public static final int MFD_HUGETLB = 4;

    private MapFlags() {
    }
}
