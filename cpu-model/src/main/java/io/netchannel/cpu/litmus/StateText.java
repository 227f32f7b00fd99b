package io.netchannel.cpu.litmus;

import io.netchannel.cpu.litmus.thread.PageTableEntry;
import io.netchannel.cpu.litmus.thread.ThreadRun;

/** A final state as herd prints it. */
final class StateText {

    private StateText() {
    }

    static String of(final LitmusTest test, final long[] state) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < state.length; i++) {
            final Place place = test.places().get(i);
            if (place.fault() != null) {
                // herd puts two spaces before the first that didn't happen.
                text.append(' ').append(fault(test, place, state[i]));
                continue;
            }
            text.append(i == 0 ? "" : " ").append(place.name()).append('=').append(value(test, place, state[i]))
                    .append(';');
        }
        return text.toString();
    }

    private static String fault(final LitmusTest test, final Place place, final long value) {
        if (value == 0) {
            return " ~" + place.name() + ";";
        }
        final PageTableEntry.Fault type = PageTableEntry.Fault.values()[(int) (value & 0xF) - 1];
        return "Fault(" + place.fault().shown() + "," + test.memory().nameOf(value >> 4) + ","
                + (place.fault().type() == null ? "D-" : "") + type + ");";
    }

    private static String value(final LitmusTest test, final Place place, final long value) {
        final String name = test.memory().nameOf(value);
        if (name != null) {
            return name;
        }
        final long shown = value & ThreadRun.mask(place.sizeBytes());
        if (!place.signed()) {
            return Long.toUnsignedString(shown);
        }
        return Long.toString(switch (place.sizeBytes()) {
            case 1 -> (byte) shown;
            case 2 -> (short) shown;
            case 4 -> (int) shown;
            default -> shown;
        });
    }
}
