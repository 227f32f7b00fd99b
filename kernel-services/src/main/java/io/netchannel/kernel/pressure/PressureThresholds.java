package io.netchannel.kernel.pressure;

/**
 * When memory is short, in thousandths.
 *
 * <pre>
 *   available   0 ─── critical ─── low ─────── high ─────── limit
 *                                   │ starts    │ ends
 * </pre>
 *
 * @param lowPermille of the limit, below which memory is given back
 * @param highPermille of the limit, up to which it is: the distance keeps it from starting anew at once
 * @param criticalPermille of the limit, below which all that is wanted is asked for at once
 * @param stallPermille of the time, in which tasks wait for memory
 */
public record PressureThresholds(int lowPermille, int highPermille, int criticalPermille, int stallPermille) {

    public static final PressureThresholds DEFAULT = new PressureThresholds(60, 90, 20, 75);

    private static final int ALL = 1000;

    public PressureThresholds {
        if (criticalPermille < 0 || criticalPermille >= lowPermille || lowPermille >= highPermille
                || highPermille > ALL) {
            throw new IllegalArgumentException("0 <= criticalPermille=" + criticalPermille + " < lowPermille="
                    + lowPermille + " < highPermille=" + highPermille + " <= " + ALL + " does not hold");
        }
        if (stallPermille < 1 || stallPermille > ALL) {
            throw new IllegalArgumentException("stallPermille=" + stallPermille + " is not within 1.." + ALL);
        }
    }

    long lowBytes(final long limitBytes) {
        return share(limitBytes, lowPermille);
    }

    long highBytes(final long limitBytes) {
        return share(limitBytes, highPermille);
    }

    long criticalBytes(final long limitBytes) {
        return share(limitBytes, criticalPermille);
    }

    // Divided first: a limit may be near the end of a long.
    private static long share(final long bytes, final int permille) {
        return bytes / ALL * permille + bytes % ALL * permille / ALL;
    }
}
