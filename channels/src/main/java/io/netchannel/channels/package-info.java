/**
 * The way of a packet from a driver to the loop that wants it.
 *
 * <p>{@link io.netchannel.channels.NetChannel} is a ring of longs with one producer and one consumer:
 * {@link io.netchannel.channels.NetChannelProducer}, {@link io.netchannel.channels.NetChannelConsumer}, laid out by
 * {@link io.netchannel.channels.NetChannelLayout}. {@link io.netchannel.channels.ChannelPacketSink} and
 * {@link io.netchannel.channels.ChannelPacketSource} put packets on it and take them off, and see to it that no buffer
 * is left behind when it closes. {@link io.netchannel.channels.PacketSink}, {@link io.netchannel.channels.TxPort} and
 * {@link io.netchannel.channels.LinkCapabilities} are the seams between driver and stack, which never see each other.
 *
 * <p>{@link io.netchannel.channels.InternetChecksum} sums packets; {@link io.netchannel.channels.DropCounters} counts
 * what was dropped, by {@link io.netchannel.channels.DropReason}. Which loop a packet is for is decided in {@link
 * io.netchannel.channels.flow}.
 */
package io.netchannel.channels;
