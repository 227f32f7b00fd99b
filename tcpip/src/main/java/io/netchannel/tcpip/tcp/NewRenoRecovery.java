package io.netchannel.tcpip.tcp;

/**
 * Fast retransmit and NewReno's fast recovery (RFC 5681, 3.2; RFC 6582), and limited transmit (RFC 3042).
 *
 * <pre>
 *                      3rd duplicate: retransmit SND.UNA          duplicate: inflate by MSS
 *          ┌──────┐ ─────────────────────────────────────▶ ┌──────────┐ ───┐
 *      ┌── │ OPEN │                                        │ RECOVERY │    │
 *      └─▶ └──────┘ ◀───────────────────────────────────── └──────────┘ ◀──┘
 *  1st, 2nd:           ACK of all that was sent by then           partial ACK: retransmit,
 *  one new segment                                                deflate
 * </pre>
 * After a timeout, duplicates up to what was sent then are echoes of segments sent twice and start nothing (RFC 6582,
 * 3.2, step 2 and 4).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class NewRenoRecovery implements LossRecovery {

    private static final int DUPLICATE_THRESHOLD = 3;

    private int recover;
    private int duplicates;
    private int flightAtFirstDuplicate;
    private int inflationBytes;
    private boolean recovering;

    @Override
    public void onEstablished(final int una) {
        recover = SeqNum.add(una, -1);
    }

    @Override
    public boolean onDuplicateAck(final int una, final int max, final int mssBytes, final CongestionControl congestion,
            final long nowNs) {
        if (recovering) {
            // No more than was in flight can have left the network, whatever a peer may claim.
            inflationBytes = Math.min(inflationBytes + mssBytes, SeqNum.distance(una, max));
            return false;
        }
        if (SeqNum.lessOrEqual(una, recover)) {
            return false;
        }
        duplicates++;
        if (duplicates == 1) {
            // What limited transmit adds must not count (RFC 5681, 3.2 (2)).
            flightAtFirstDuplicate = SeqNum.distance(una, max);
        }
        if (duplicates < DUPLICATE_THRESHOLD) {
            inflationBytes = duplicates * mssBytes;
            return false;
        }
        recovering = true;
        recover = max;
        congestion.onLoss(flightAtFirstDuplicate, nowNs);
        inflationBytes = DUPLICATE_THRESHOLD * mssBytes;
        return true;
    }

    @Override
    public boolean onAck(final int una, final int mssBytes, final AckSample sample,
            final CongestionControl congestion) {
        duplicates = 0;
        if (!recovering) {
            inflationBytes = 0;
            if (SeqNum.greaterThan(una, recover)) {
                // Follows, lest 2 GiB without loss bring una round to where it counts as before recover.
                recover = SeqNum.add(una, -1);
            }
            congestion.onAck(sample);
            return false;
        }
        if (SeqNum.lessThan(una, recover)) {
            inflationBytes -= sample.ackedBytes();
            if (sample.ackedBytes() >= mssBytes) {
                inflationBytes += mssBytes;
            }
            inflationBytes = Math.max(inflationBytes, mssBytes - congestion.windowBytes());
            return true;
        }
        recovering = false;
        inflationBytes = 0;
        // All was acknowledged, so new duplicates tell of a new loss: una must count as beyond recover.
        recover = SeqNum.add(una, -1);
        congestion.onRecovered(sample.flightBytes(), sample.nowNs());
        return false;
    }

    @Override
    public void onTimeout(final int max) {
        recovering = false;
        duplicates = 0;
        inflationBytes = 0;
        recover = max;
    }

    @Override
    public int inflationBytes() {
        return inflationBytes;
    }

    @Override
    public boolean inRecovery() {
        return recovering;
    }
}
