package io.netchannel.kernel.storage.fault;

/** The end of the program on a {@link SimulatedDisk}, in the middle of whatever it did. */
public final class PowerCut extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PowerCut(final long event) {
        super("at event " + event, null, false, false);
    }
}
