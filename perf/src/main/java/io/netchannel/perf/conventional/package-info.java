/**
 * Our TCP engine as a kernel would run it: what network channels are compared to.
 *
 * <p>Wire, device model, virtio-net driver, header checks, TCP and its settings are the same as a
 * {@link io.netchannel.node.DataplaneNode}'s in channel mode. What differs is the way between the driver and the
 * application, which is Linux's, step by step:
 *
 * <pre>
 *   in
 *   1 DriverInterrupt   the driver's thread takes a burst of frames off the device        NAPI poll
 *   2 InputQueue        puts it into one queue, shared by all sockets, under its lock;
 *                       raises the soft interrupt                                         enqueue_to_backlog, raise_softirq
 *   3 SoftInterrupt     another thread takes the burst, checks headers, finds the socket  process_backlog, ip_rcv
 *   4 SocketShard       locks the socket; if an application owns it, into its backlog     bh_lock_sock, sk_add_backlog
 *                       TCP; what is in order stays, in its packets, in the socket's
 *                       receive queue; wakes the reader if it sleeps                      tcp_v4_rcv, sk_data_ready
 *   5 ConventionalSocket.read, on the application's thread: owns the socket, copies from
 *                       the packets into the application's buffer, acknowledges; without
 *                       data it lets go and sleeps (a futex) until it is woken            tcp_recvmsg, tcp_cleanup_rbuf
 *   out
 *   1 ConventionalSocket.write owns the socket, copies into the send buffer, whose pages
 *                       segments point into; TCP sends at once what the windows allow     tcp_sendmsg, tcp_push
 *   2 TransmitLock      one transmit queue, locked by whoever sends: the application, or
 *                       the soft interrupt with acknowledgments and retransmissions       HARD_TX_LOCK, xmit_more
 *   3 DriverInterrupt   moves it over the wire, collects what was sent                    virtnet_poll_cleantx
 *   timers run in the soft interrupt; buffers go back to their pool in batches, under its lock
 * </pre>
 *
 * <p>It is kinder than a kernel where that was easy: a system call costs nothing, locks are taken once for a burst where Linux
 * takes them for each packet, there are neither filters nor qdiscs, super-frames stay whole from end to end, checksums on
 * the wire are as good as the device's word. So what {@code channel} wins over it is due to what the steps above cost: a
 * shared queue, a second hand-over, locks, the wake-up of a reader, and the copy out.
 *
 * <p>Where it is not a kernel: TCP's timers, pool and segment writer belong to a stack, not to a connection; so the lock is
 * around a stack, and there is a stack for each socket that is to be independent of the others
 * ({@link io.netchannel.perf.conventional.ConventionalNode#open}). And UDP copies a datagram once more, because its handler
 * may not keep the packet.
 */
package io.netchannel.perf.conventional;
