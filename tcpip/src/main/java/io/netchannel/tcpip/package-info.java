/**
 * TCP/IP without I/O: protocol logic that is handed packets and the time.
 *
 * <p>{@link io.netchannel.tcpip.NetStack} is the stack of one loop. Received packets come from the classifier, by
 * {@link io.netchannel.tcpip.NetStack#accept}; frames go to a {@link io.netchannel.channels.TxPort}. Nothing here has a
 * clock, a thread or a lock. A station with several loops has a stack on each: one of them answers for the station, all
 * learn.
 */
package io.netchannel.tcpip;
