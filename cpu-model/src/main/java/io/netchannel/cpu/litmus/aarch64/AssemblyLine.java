package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.parse.Cell;
import io.netchannel.cpu.litmus.parse.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An instruction as text: its mnemonic and operands, and readers of those. */
final class AssemblyLine {

    private final Cell cell;
    private final Map<String, Integer> labels;
    private final String mnemonic;
    private final List<String> operands = new ArrayList<>();

    AssemblyLine(final Cell cell, final Map<String, Integer> labels) {
        this.cell = cell;
        this.labels = labels;
        final String[] parts = cell.text().split("\\s+", 2);
        mnemonic = parts[0].toUpperCase(Locale.ROOT);
        if (parts.length > 1) {
            split(parts[1]);
        }
    }

    private void split(final String text) {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                operands.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        operands.add(text.substring(start).strip());
    }

    String mnemonic() {
        return mnemonic;
    }

    int count() {
        return operands.size();
    }

    String operand(final int index) {
        if (index >= operands.size()) {
            throw malformed(cell.text(), "operands are missing");
        }
        return operands.get(index);
    }

    /** @throws LitmusException unless there are this many operands */
    void expect(final int min, final int max) {
        if (operands.size() < min || operands.size() > max) {
            throw malformed(cell.text(), "operands=" + operands.size() + ", expected "
                    + (min == max ? "" + min : min + " to " + max));
        }
    }

    LitmusException malformed(final String token, final String what) {
        return LitmusException.malformed(cell.line(), token, what);
    }

    LitmusException unsupported(final String token, final String what) {
        return LitmusException.unsupported(cell.line(), token, what);
    }

    LitmusException unknown() {
        return LitmusException.malformed(cell.line(), cell.text(), "unknown instruction " + mnemonic);
    }

    boolean isRegister(final int index) {
        return Registers.number(operand(index).toUpperCase(Locale.ROOT)) >= 0;
    }

    Register register(final int index) {
        return register(operand(index));
    }

    Register register(final String name) {
        final String upper = name.toUpperCase(Locale.ROOT);
        final int number = Registers.number(upper);
        if (number < 0) {
            throw malformed(name, "register expected");
        }
        return new Register(number, Registers.sizeBytes(upper));
    }

    boolean isImmediate(final int index) {
        final String text = operand(index);
        return text.startsWith("#") || !text.isEmpty() && (Character.isDigit(text.charAt(0)) || text.charAt(0) == '-');
    }

    long immediate(final int index) {
        return immediate(operand(index));
    }

    long immediate(final String text) {
        final String digits = (text.startsWith("#") ? text.substring(1) : text).strip();
        try {
            return Numbers.parse(digits);
        } catch (final NumberFormatException e) {
            throw malformed(text, "number expected");
        }
    }

    int label(final int index) {
        final Integer target = labels.get(operand(index));
        if (target == null) {
            final String text = operand(index);
            if (text.startsWith(".") || text.startsWith("#")) {
                throw unsupported(text, "jump by an offset");
            }
            throw malformed(text, "unknown label");
        }
        return target;
    }

    Address address(final int index) {
        return Address.parse(this, index);
    }
}
