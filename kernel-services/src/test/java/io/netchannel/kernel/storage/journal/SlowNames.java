package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.storage.mapped.MappedStorage;
import io.netchannel.kernel.storage.mapped.StoredFile;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A disk that holds whoever syncs names, once, until the test lets go. */
final class SlowNames implements MappedStorage {

    final CountDownLatch held = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final MappedStorage disk;
    volatile boolean holds;

    SlowNames(final MappedStorage disk) {
        this.disk = disk;
    }

    @Override
    public OrderedMemory memory() {
        return disk.memory();
    }

    @Override
    public List<String> names() {
        return disk.names();
    }

    @Override
    public StoredFile create(final String name, final int sizeBytes) {
        return disk.create(name, sizeBytes);
    }

    @Override
    public StoredFile open(final String name) {
        return disk.open(name);
    }

    @Override
    public void rename(final String from, final String to) {
        disk.rename(from, to);
    }

    @Override
    public void delete(final String name) {
        disk.delete(name);
    }

    @Override
    public void syncNames() {
        if (holds) {
            holds = false;
            held.countDown();
            try {
                goOn.await();
            } catch (final InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
        disk.syncNames();
    }

    @Override
    public void close() {
        disk.close();
    }
}
