package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.Place;
import io.netchannel.cpu.litmus.thread.Features;
import io.netchannel.cpu.litmus.thread.InitialMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the parts of a test share: its registers and locations, their types and first values. */
final class Environment implements Architecture.Symbols {

    private static final int MAX_THREADS = 16;

    final Architecture architecture;
    final InitialMemory memory = new InitialMemory();
    final List<long[]> registers = new ArrayList<>();
    final CodeMemory code = new CodeMemory();
    Features features = Features.NONE;
    private final Map<String, TypeName> types = new HashMap<>();
    private final Set<String> arrays = new HashSet<>();
    private final List<Place> places = new ArrayList<>();
    private int threads = MAX_THREADS;
    private List<Map<String, Integer>> labels = List.of();

    Environment(final Architecture architecture) {
        this.architecture = architecture;
        for (int i = 0; i < MAX_THREADS; i++) {
            registers.add(new long[architecture.registerCount()]);
        }
    }

    void setThreads(final int count, final int line) {
        if (count > MAX_THREADS) {
            throw LitmusException.unsupported(line, Integer.toString(count), "threads > MAX_THREADS=" + MAX_THREADS);
        }
        threads = count;
    }

    @Override
    public long address(final String name) {
        return memory.address(name);
    }

    /** The name of a location, or PTE(x); empty if neither is next. */
    String locationName(final Text text) {
        final String name = text.word();
        if (!name.equals("PTE") || !features.vmsa() || !text.take("(")) {
            return name;
        }
        final String page = text.word();
        if (page.isEmpty() || !text.take(")")) {
            throw text.malformed("PTE(LOCATION) expected");
        }
        memory.address(page);
        return InitialMemory.entryName(page);
    }

    void setLabels(final List<Map<String, Integer>> newLabels) {
        labels = newLabels;
    }

    /** @return index of the instruction at a label */
    int instructionAt(final int thread, final String label, final int line) {
        final Integer index = thread < labels.size() ? labels.get(thread).get(label) : null;
        if (index == null) {
            throw LitmusException.malformed(line, "P" + thread + ":" + label, "unknown label");
        }
        return index;
    }

    void declare(final String place, final TypeName type) {
        types.put(place, type);
    }

    void declareArray(final String name) {
        arrays.add(name);
    }

    boolean isArray(final String name) {
        return arrays.contains(name);
    }

    TypeName typeOf(final String place) {
        return types.get(place);
    }

    /** Skips the P of "P1:EAX", an older form of "1:EAX". @return whether the number of a thread is next */
    static boolean isThreadNext(final Text text) {
        text.skipSpace();
        final int start = text.position();
        if (text.word().matches("P\\d{1,2}") && text.startsWith(":")) {
            text.seek(start + 1);
            return true;
        }
        text.seek(start);
        return Numbers.isNext(text);
    }

    /** A register as "1:X0"; the colon is next. */
    Place register(final Text text, final int thread, final int line) {
        text.take(":");
        final int number = registerNumber(text, thread, line);
        final String name = thread + ":" + architecture.registerName(number);
        final TypeName type = types.getOrDefault(name, TypeName.DEFAULT);
        return new Place(name, thread, number, 0, type.sizeBytes(), type.signed(), null);
    }

    int registerNumber(final Text text, final int thread, final int line) {
        text.take("%");
        final String word = text.word();
        final int number = architecture.register(word);
        if (number < 0) {
            throw LitmusException.malformed(line, thread + ":" + word, "unknown register");
        }
        if (thread >= threads) {
            throw LitmusException.malformed(line, thread + ":" + word, "there is no thread P" + thread);
        }
        return number;
    }

    /** A location, as x, x[1] or x+4. */
    Place location(final String name, final Text text) {
        long offset = 0;
        final TypeName type = types.get(name);
        final int size = type == null ? 8 : type.sizeBytes();
        String shown = name;
        if (text.take("[")) {
            final long index = Numbers.parse(text);
            if (!text.take("]")) {
                throw text.malformed("']' expected");
            }
            offset = index * (type == null ? 4 : size);
            shown = name + "[" + index + "]";
        } else if (text.take("+")) {
            offset = Numbers.parse(text);
            shown = name + "+" + offset;
        }
        final TypeName shownAs = type == null ? TypeName.DEFAULT : type;
        return new Place(shown.endsWith("]") ? shown : "[" + shown + "]", -1, 0, memory.address(name) + offset,
                shownAs.sizeBytes(),
                shownAs.signed(), null);
    }

    /** @return the index of the place among those that states show */
    int observe(final Place place) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).name().equals(place.name())) {
                return i;
            }
        }
        places.add(place);
        return places.size() - 1;
    }

    List<Place> places() {
        return places;
    }
}
