package io.netchannel.cpu.explore;

/** Told of each access of a run that is replayed; times are those of the {@link WriteLog}. */
interface Recorder {

    /** @param event its place in {@link Events} */
    void load(int thread, int event, long address, int sizeBytes, AccessMode mode, long value, int time);

    /** @param replaced time of the store that a read-modify-write replaces, or -1 */
    void store(int thread, int event, long address, int sizeBytes, AccessMode mode, long value, int time, int replaced);

    void fence(int thread, int event, Fence fence);
}
