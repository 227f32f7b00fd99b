package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;

/**
 * How a load or a store names memory: base, and an offset or an extended index.
 *
 * @param index     null without one
 * @param writeBack of base + offset to the base; with PRE it is also the address
 */
record Address(Register base, long offset, Register index, Extension extension, WriteBack writeBack) {

    enum WriteBack {
        NONE, PRE, POST
    }

    static Address parse(final AssemblyLine line, final int operand) {
        final String text = line.operand(operand);
        final boolean isPre = text.endsWith("!");
        final String inner = (isPre ? text.substring(0, text.length() - 1) : text).strip();
        if (!inner.startsWith("[") || !inner.endsWith("]")) {
            throw line.malformed(text, "address in brackets expected");
        }
        final String[] parts = inner.substring(1, inner.length() - 1).split(",", -1);
        final Register base = line.register(parts[0].strip());
        if (base.sizeBytes() != 8) {
            throw line.malformed(parts[0], "64-bit base register expected");
        }
        if (line.count() > operand + 1) {
            final Register step = line.isRegister(operand + 1) ? line.register(operand + 1) : null;
            if (step != null || isPre || parts.length > 1) {
                throw line.unsupported(line.operand(operand + 1), "address");
            }
            return new Address(base, line.immediate(operand + 1), null, Extension.NONE, WriteBack.POST);
        }
        final WriteBack writeBack = isPre ? WriteBack.PRE : WriteBack.NONE;
        if (parts.length == 1) {
            return new Address(base, 0, null, Extension.NONE, writeBack);
        }
        final String second = parts[1].strip();
        if (second.isEmpty() || parts.length > 3) {
            throw line.malformed(text, "address");
        }
        if (!Character.isLetter(second.charAt(0))) {
            if (parts.length > 2) {
                throw line.malformed(text, "address");
            }
            return new Address(base, line.immediate(second), null, Extension.NONE, writeBack);
        }
        final Extension extension = parts.length > 2 ? Extension.parse(line, parts[2]) : Extension.NONE;
        return new Address(base, 0, line.register(second), extension, writeBack);
    }

    /** Reads the registers. @return where the access goes; with POST the base itself */
    Value evaluate(final ThreadRun run) {
        final Value start = base.read(run, Kind.ADDR);
        if (index == null) {
            final Value target = start.with(start.bits() + offset);
            if (writeBack == WriteBack.PRE) {
                base.write(run, target);
            }
            return writeBack == WriteBack.POST ? start : target;
        }
        final Value step = index.read(run, Kind.ADDR);
        return start.with(start.bits() + extension.apply(step.bits(), 8), step);
    }

    /** Of POST: the base moves on. */
    void stepBase(final ThreadRun run, final Value address) {
        if (writeBack == WriteBack.POST) {
            base.write(run, address.with(address.bits() + offset));
        }
    }
}
