package io.netchannel.cpu.litmus.x86;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.parse.Architecture;
import io.netchannel.cpu.litmus.parse.Cell;
import io.netchannel.cpu.litmus.parse.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An instruction as text: prefix, mnemonic, and operands with the destination first. */
final class AssemblyLine {

    private final Cell cell;
    private final Map<String, Integer> labels;
    private final Architecture.Symbols symbols;
    private final boolean isLocked;
    private final String mnemonic;
    private final List<String> operands = new ArrayList<>();

    AssemblyLine(final Cell cell, final Map<String, Integer> labels, final Architecture.Symbols symbols,
            final boolean is64) {
        this.cell = cell;
        this.labels = labels;
        this.symbols = symbols;
        String rest = cell.text();
        isLocked = rest.toLowerCase(Locale.ROOT).matches("(?s)lock\\s.*");
        if (isLocked) {
            rest = rest.substring(4).strip();
        }
        final String[] parts = rest.split("\\s+", 2);
        mnemonic = parts[0].toLowerCase(Locale.ROOT);
        if (parts.length > 1) {
            split(parts[1]);
            if (is64) {
                // AT&T writes the destination last.
                Collections.reverse(operands);
            }
        }
    }

    private void split(final String text) {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                operands.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        operands.add(text.substring(start).strip());
    }

    boolean isLocked() {
        return isLocked;
    }

    String mnemonic() {
        return mnemonic;
    }

    void expect(final int count) {
        if (operands.size() != count) {
            throw malformed(cell.text(), "operands=" + operands.size() + ", expected " + count);
        }
    }

    LitmusException malformed(final String token, final String what) {
        return LitmusException.malformed(cell.line(), token, what);
    }

    LitmusException unsupported(final String token, final String what) {
        return LitmusException.unsupported(cell.line(), token, what);
    }

    LitmusException unknown() {
        return malformed(cell.text(), "unknown instruction " + mnemonic);
    }

    private String operand(final int index) {
        if (index >= operands.size()) {
            throw malformed(cell.text(), "operands are missing");
        }
        return operands.get(index);
    }

    int label(final int index) {
        final Integer target = labels.get(operand(index));
        if (target == null) {
            throw malformed(operand(index), "unknown label");
        }
        return target;
    }

    /** The size of the operation: by the mnemonic's suffix, else by the registers, else 4 bytes. */
    int sizeBytes(final int suffixSize) {
        if (suffixSize > 0) {
            return suffixSize;
        }
        for (final String operand : operands) {
            final String name = operand.startsWith("%") ? operand.substring(1) : operand;
            if (Registers.number(name) >= 0) {
                return Registers.sizeBytes(name);
            }
        }
        return 4;
    }

    Operand operand(final int index, final int sizeBytes) {
        final String text = operand(index);
        if (text.startsWith("$")) {
            return Operand.immediate(number(text.substring(1).strip()), sizeBytes);
        }
        if (text.startsWith("[")) {
            return bracketed(text, sizeBytes);
        }
        final int open = text.indexOf('(');
        if (open >= 0) {
            return based(text, open, sizeBytes);
        }
        final String name = text.startsWith("%") ? text.substring(1) : text;
        final int register = Registers.number(name);
        if (register >= 0) {
            return Operand.register(register, sizeBytes);
        }
        if (!text.isEmpty() && (Character.isDigit(text.charAt(0)) || text.charAt(0) == '-')) {
            return Operand.immediate(number(text), sizeBytes);
        }
        if (!text.matches("[A-Za-z_]\\w*")) {
            throw malformed(text, "operand expected");
        }
        return Operand.memory(-1, -1, 0, symbols.address(text), sizeBytes);
    }

    private Operand bracketed(final String text, final int sizeBytes) {
        if (!text.endsWith("]")) {
            throw malformed(text, "']' expected");
        }
        final String inner = text.substring(1, text.length() - 1).strip();
        final String[] parts = inner.split("\\+", 2);
        final long offset = parts.length > 1 ? number(parts[1].strip()) : 0;
        return place(parts[0].strip(), offset, sizeBytes);
    }

    private Operand place(final String name, final long offset, final int sizeBytes) {
        final String bare = name.startsWith("%") ? name.substring(1) : name;
        final int register = Registers.number(bare);
        if (register >= 0) {
            return Operand.memory(register, -1, 0, offset, sizeBytes);
        }
        if (!bare.matches("[A-Za-z_]\\w*") || name.startsWith("%")) {
            throw malformed(name, "register or location expected");
        }
        return Operand.memory(-1, -1, 0, symbols.address(bare) + offset, sizeBytes);
    }

    /** offset(base,index,scale), or x(%rip). */
    private Operand based(final String text, final int open, final int sizeBytes) {
        if (!text.endsWith(")")) {
            throw malformed(text, "')' expected");
        }
        final String before = text.substring(0, open).strip();
        final String[] parts = text.substring(open + 1, text.length() - 1).split(",", -1);
        if (parts[0].strip().equalsIgnoreCase("%rip") && parts.length == 1) {
            return place(before, 0, sizeBytes);
        }
        final long offset = before.isEmpty() ? 0 : number(before);
        if (parts.length == 1) {
            return place(parts[0].strip(), offset, sizeBytes);
        }
        final int base = Registers.number(parts[0].strip().replace("%", ""));
        final int index = Registers.number(parts[1].strip().replace("%", ""));
        final long scale = parts.length > 2 ? number(parts[2].strip()) : 1;
        if (base < 0 || index < 0 || parts.length > 3) {
            throw malformed(text, "address");
        }
        return Operand.memory(base, index, scale, offset, sizeBytes);
    }

    private long number(final String text) {
        try {
            return Numbers.parse(text);
        } catch (final NumberFormatException e) {
            throw malformed(text, "number expected");
        }
    }
}
