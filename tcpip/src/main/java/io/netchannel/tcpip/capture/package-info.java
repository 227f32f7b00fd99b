/**
 * Packets of a running stack, for Wireshark.
 *
 * <p>A stack shows its frames, received and sent, to a {@link io.netchannel.tcpip.capture.CapturePoint}. A
 * {@link io.netchannel.tcpip.capture.CaptureBuffer} attached there copies those that a
 * {@link io.netchannel.tcpip.capture.CaptureFilter} selects into a bounded ring, and never waits; on another thread they come
 * out of the ring into a {@link io.netchannel.tcpip.capture.PcapngWriter}. Without a capture a frame costs one branch.
 *
 * <p>Frames are seen as the stack sees them: super-frames of up to 64 KiB as one, received ones perhaps put together by the
 * device, sent ones before it cuts them and fills in their checksums. What the classifier drops is not seen.
 */
package io.netchannel.tcpip.capture;
