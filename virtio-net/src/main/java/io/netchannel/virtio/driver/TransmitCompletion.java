package io.netchannel.virtio.driver;

/**
 * Takes back packets that a transmit queue is done with, sent or dropped. Called on the thread that polls the queue.
 *
 * <p>Whoever sends packets of another thread's pool sees to it that they are released there.
 */
@FunctionalInterface
public interface TransmitCompletion {

    void completed(long packet);
}
