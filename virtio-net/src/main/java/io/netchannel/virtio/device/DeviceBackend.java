package io.netchannel.virtio.device;

/**
 * What is behind a device, told about its driver.
 *
 * <p>Threading: called on the driver's control thread.
 */
public interface DeviceBackend {

    /**
     * The driver has set DRIVER_OK; the queues can be claimed.
     *
     * @param features negotiated
     */
    void started(long features);

    /** The driver uses so many queue pairs from now on; first called with 1 after {@link #started}. */
    void queuePairs(int active);

    /** The device is reset; no queue can be claimed until it is started again. */
    void stopped();
}
