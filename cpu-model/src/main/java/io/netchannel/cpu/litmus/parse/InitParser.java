package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.Place;
import java.util.List;

/** The braces before the program: first values and types of registers and of memory. */
final class InitParser {

    private final Environment environment;
    private final Text text;

    InitParser(final Environment environment, final Text text) {
        this.environment = environment;
        this.text = text;
    }

    void parse() {
        if (!text.take("{")) {
            throw text.malformed("'{' expected");
        }
        while (!text.take("}")) {
            if (text.isAtEnd()) {
                throw text.malformed("the initial state has no '}'");
            }
            if (!text.take(";")) {
                item();
            }
        }
        text.take(";");
    }

    private void item() {
        final int start = text.position();
        final TypeName type = type();
        if (type == null) {
            text.seek(start);
        }
        final boolean isPointer = text.take("*");
        final TypeName declared = isPointer ? new TypeName(8, true) : type;
        if (Environment.isThreadNext(text)) {
            register(declared);
        } else {
            memory(declared);
        }
        text.skipSpace();
        if (!text.startsWith(";") && !text.startsWith("}")) {
            throw text.malformed("';' or '}' expected in the initial state");
        }
    }

    private TypeName type() {
        final int line = text.lineNumber();
        final String word = text.word();
        final TypeName type = TypeName.of(word);
        if (word.equals("pteval_t") || word.equals("ins_t")) {
            return new TypeName(8, true);
        }
        if (type == null && List.of("parel1_t", "int128_t", "uint128_t").contains(word)) {
            throw LitmusException.unsupported(line, word, "type");
        }
        return type;
    }

    private void register(final TypeName type) {
        final int line = text.lineNumber();
        final int thread = (int) Numbers.parse(text);
        if (thread < 0 || thread >= environment.registers.size()) {
            throw LitmusException.malformed(line, Integer.toString(thread), "there is no such thread");
        }
        if (!text.take(":")) {
            throw text.malformed("':' expected after the number of a thread");
        }
        final int register = environment.registerNumber(text, thread, line);
        if (type != null) {
            environment.declare(thread + ":" + environment.architecture.registerName(register), type);
        }
        if (text.take("=")) {
            environment.registers.get(thread)[register] = narrow(value(), type);
        }
    }

    private void memory(final TypeName type) {
        final boolean isBracketed = text.take("[");
        final int line = text.lineNumber();
        final String name = environment.locationName(text);
        if (name.isEmpty()) {
            throw text.malformed("a register or a location expected");
        }
        if (type != null) {
            environment.declare(name, type);
        }
        final int size = type == null ? 8 : type.sizeBytes();
        if (type != null && !isBracketed && text.take("[")) {
            array(name, size);
            return;
        }
        final Place place = environment.location(name, text);
        if (isBracketed && !text.take("]")) {
            throw text.malformed("']' expected");
        }
        if (text.take("=")) {
            environment.memory.set(place.address(), narrow(value(), type));
        }
    }

    /** What fits between two locations. */
    private static final int MAX_BYTES = 4096;

    private void array(final String name, final int elementBytes) {
        final int line = text.lineNumber();
        final long length = Numbers.parse(text);
        if (length < 1 || length > MAX_BYTES / elementBytes) {
            throw LitmusException.malformed(line, name + "[" + length + "]", "bytes > MAX_BYTES=" + MAX_BYTES);
        }
        if (!text.take("]")) {
            throw text.malformed("']' expected");
        }
        environment.declareArray(name);
        environment.memory.setSizeBytes(name, (int) length * elementBytes);
        if (text.take("=")) {
            if (!text.take("{")) {
                throw text.malformed("'{' expected");
            }
            for (int i = 0; !text.take("}"); i++) {
                if (text.isAtEnd() || i >= length) {
                    throw text.malformed("'}' expected");
                }
                environment.memory.set(environment.memory.address(name) + (long) i * elementBytes, value());
                text.take(",");
            }
        }
    }

    private static long narrow(final long value, final TypeName type) {
        // A 32-bit register or location that is negative has its upper half clear, as a store leaves it.
        return type == null || type.sizeBytes() == 8 ? value : value & (1L << 8 * type.sizeBytes()) - 1;
    }

    private long value() {
        text.skipSpace();
        text.take("&");
        final int line = text.lineNumber();
        if (Numbers.isNext(text)) {
            final long number = Numbers.parse(text);
            return text.take(":") ? codeAddress((int) number, line) : number;
        }
        if (text.startsWith("(")) {
            return PageTableEntryParser.parse(text, environment).bits();
        }
        final String name = environment.locationName(text);
        if (name.isEmpty()) {
            throw text.malformed("a number or the name of a location expected");
        }
        if (name.equals("instr") && text.take(":")) {
            return instruction(line);
        }
        if (name.equals("NOP")) {
            return environment.code.number(name);
        }
        if (text.startsWith("(") || text.startsWith(":")) {
            throw LitmusException.unsupported(line, name + text.peek(), "value");
        }
        return environment.location(name, text).address();
    }

    private long codeAddress(final int thread, final int line) {
        final String label = text.word();
        if (!environment.features.ifetch()) {
            throw LitmusException.unsupported(line, thread + ":" + label,
                    "the address of code, but for Variant=ifetch");
        }
        return environment.address(environment.code.expose(thread, label, line));
    }

    private long instruction(final int line) {
        if (!environment.features.ifetch() || !text.take("\"")) {
            throw LitmusException.unsupported(line, "instr:", "code as a value, but for Variant=ifetch");
        }
        final String instruction = text.until("\"\n");
        if (!text.take("\"")) {
            throw text.malformed("'\"' expected");
        }
        return environment.code.number(instruction);
    }
}
