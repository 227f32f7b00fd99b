package io.netchannel.samples.haproxy.rule;

import java.util.ArrayList;
import java.util.List;

/** What a frontend captures of messages of one direction; logs show the slots in this order. */
public record CaptureSlots(List<Slot> slots) {

    static final CaptureSlots NONE = new CaptureSlots(List.of());

    /** @param header of {@code capture request header}; null: filled by a rule @param lengthBytes what is beyond is cut */
    public record Slot(String header, int lengthBytes) {
    }

    public CaptureSlots {
        slots = List.copyOf(slots);
    }

    public int size() {
        return slots.size();
    }

    public CaptureSlots with(final String header, final int lengthBytes) {
        final List<Slot> longer = new ArrayList<>(slots);
        longer.add(new Slot(header, lengthBytes));
        return new CaptureSlots(longer);
    }
}
