/**
 * What both sides of a virtio-net device agree on (VirtIO 1.3, section 5.1): layouts, features, status bits, commands;
 * and the offloads in software, for a side that must do what the other can't.
 *
 * <p>{@link io.netchannel.virtio.net.VirtioNetHeaderLayout} precedes every frame in a buffer,
 * {@link io.netchannel.virtio.net.VirtioNetHeader} is its copy in locals.
 * {@link io.netchannel.virtio.net.VirtioFeature} names what can be negotiated and what depends on what.
 * {@link io.netchannel.virtio.net.SoftwareSegmentation} and {@link io.netchannel.virtio.net.ChecksumCompletion} turn a
 * frame that is still to be finished into frames that are.
 */
package io.netchannel.virtio.net;
