/**
 * What was sent and what became of it: the part of TCP's sender that needs no connection.
 *
 * <pre>
 *            acknowledgment
 *                  │
 *   SackProcessor ─┤ which segments arrived out of order, and which twice
 *   CumulativeAck ─┤ which left the scoreboard; round-trip time, rate
 *   Rack          ─┤ which were lost, by time
 *   LossRecovery  ─┤ the state: OPEN, DISORDER, CWR, RECOVERY, LOSS
 *     Undo         │   back, where it was a false alarm
 *     WindowReduction  down, step by step (PRR)
 *                  ▼
 *   Flight: SentSegments, the counts, the congestion window
 * </pre>
 * Counted in segments, as in Linux, whose rules these are where an RFC leaves a choice. A segment is in flight once
 * for each copy that neither arrived nor counts as lost:
 *
 * <pre>
 *   in flight = packets out - sacked out - lost out + retransmitted out
 * </pre>
 */
package io.netchannel.tcpip.tcp.recovery;
