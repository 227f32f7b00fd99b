/**
 * The driver of virtio-net devices, and the only one there is: everything is behind virtqueues.
 *
 * <p>{@link io.netchannel.virtio.driver.VirtioNetDriver} negotiates, sets up the queues, sends control commands and
 * takes everything back at the end. Its {@link io.netchannel.virtio.driver.QueuePair}s, one for each loop, receive
 * packets and are the {@link io.netchannel.channels.TxPort} of a stack. {@link
 * io.netchannel.virtio.driver.RxDispatcher} classifies what was received and hands it to the loops' sinks; {@link
 * io.netchannel.virtio.driver.ReceivePoller} runs both on a loop.
 *
 * <p>The device is not trusted: the queues check its rings, the queue pair what it says of each frame.
 */
package io.netchannel.virtio.driver;
