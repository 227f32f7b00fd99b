package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.Condition;
import io.netchannel.cpu.litmus.Condition.Formula;
import io.netchannel.cpu.litmus.Condition.Quantifier;
import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.Place;
import io.netchannel.cpu.litmus.thread.PageTableEntry;
import io.netchannel.cpu.litmus.thread.ThreadRun;
import java.util.ArrayList;
import java.util.List;

/** What stands after the program: locations, filter, and the condition. */
final class ConditionParser {

    /** A formula nested deeper than this is no test of anybody's. */
    private static final int MAX_DEPTH = 200;

    /** A formula and how herd prints it. */
    private record Parsed(Formula formula, String text, int level) {

        private static final int OR = 0;
        private static final int AND = 1;
        private static final int ATOM = 2;

        String within(final int outer) {
            return level < outer ? "(" + text + ")" : text;
        }
    }

    private final Environment environment;
    private final Text text;
    private Formula filter = new Formula.Constant(true);
    private int depth;

    ConditionParser(final Environment environment, final Text text) {
        this.environment = environment;
        this.text = text;
    }

    Formula filter() {
        return filter;
    }

    Condition parse() {
        while (true) {
            if (text.take("locations")) {
                locations();
            } else if (text.take("filter")) {
                filter = or().formula();
            } else {
                break;
            }
        }
        text.skipSpace();
        final Condition condition = text.isAtEnd() && !environment.places().isEmpty()
                ? new Condition(Quantifier.FORALL, new Formula.Constant(true), "forall (true)")
                : condition();
        text.take(";");
        text.skipSpace();
        return condition;
    }

    private Condition condition() {
        final Quantifier quantifier = quantifier();
        final Parsed parsed = or();
        return new Condition(quantifier, parsed.formula(), quantifier.keyword() + " (" + parsed.text() + ")");
    }

    private Quantifier quantifier() {
        final boolean isNegated = text.take("~") || text.take("not");
        if (text.take("exists")) {
            return isNegated ? Quantifier.NOT_EXISTS : Quantifier.EXISTS;
        }
        if (!isNegated && text.take("forall")) {
            return Quantifier.FORALL;
        }
        throw text.malformed("exists, ~exists or forall expected");
    }

    private void locations() {
        if (!text.take("[")) {
            throw text.malformed("'[' expected after locations");
        }
        while (!text.take("]")) {
            if (text.isAtEnd()) {
                throw text.malformed("']' expected");
            }
            if (!text.take(";")) {
                final int start = text.position();
                if (TypeName.of(text.word()) == null) {
                    text.seek(start);
                }
                environment.observe(place());
            }
        }
    }

    private Place place() {
        final int line = text.lineNumber();
        if (Environment.isThreadNext(text)) {
            final int thread = (int) Numbers.parse(text);
            if (!text.startsWith(":")) {
                throw text.malformed("':' expected after the number of a thread");
            }
            return environment.register(text, thread, line);
        }
        final boolean isBracketed = text.take("[");
        text.take("*");
        final String name = text.word();
        if (name.isEmpty()) {
            throw text.malformed("a register or a location expected");
        }
        if (text.startsWith("(")) {
            throw LitmusException.unsupported(line, name + "(", "condition");
        }
        text.skipSpace();
        if (environment.isArray(name) && !text.startsWith("[")) {
            throw LitmusException.unsupported(line, name, "an array as a whole in a condition");
        }
        final Place place = environment.location(name, text);
        if (isBracketed && !text.take("]")) {
            throw text.malformed("']' expected");
        }
        return place;
    }

    private Parsed or() {
        if (++depth > MAX_DEPTH) {
            throw text.malformed("nested deeper than MAX_DEPTH=" + MAX_DEPTH);
        }
        final Parsed first = and();
        final List<Formula> any = new ArrayList<>(List.of(first.formula()));
        final StringBuilder shown = new StringBuilder(first.within(Parsed.OR));
        while (text.take("\\/") || text.take("||")) {
            final Parsed next = and();
            any.add(next.formula());
            shown.append(" \\/ ").append(next.within(Parsed.OR));
        }
        depth--;
        return any.size() == 1 ? first : new Parsed(new Formula.Or(any), shown.toString(), Parsed.OR);
    }

    private Parsed and() {
        final Parsed first = not();
        final List<Formula> all = new ArrayList<>(List.of(first.formula()));
        final StringBuilder shown = new StringBuilder(first.within(Parsed.AND));
        while (text.take("/\\") || text.take("&&")) {
            final Parsed next = not();
            all.add(next.formula());
            shown.append(" /\\ ").append(next.within(Parsed.AND));
        }
        return all.size() == 1 ? first : new Parsed(new Formula.And(all), shown.toString(), Parsed.AND);
    }

    private Parsed not() {
        if (text.take("~") || text.take("not")) {
            if (++depth > MAX_DEPTH) {
                throw text.malformed("nested deeper than MAX_DEPTH=" + MAX_DEPTH);
            }
            final Parsed negated = not();
            depth--;
            return new Parsed(new Formula.Not(negated.formula()), "not (" + negated.text() + ")", Parsed.ATOM);
        }
        if (text.take("(")) {
            final Parsed inner = or();
            if (!text.take(")")) {
                throw text.malformed("')' expected");
            }
            return inner;
        }
        return atom();
    }

    private Parsed atom() {
        final int start = text.position();
        final String word = text.word();
        if (word.equals("true") || word.equals("false")) {
            return new Parsed(new Formula.Constant(word.equals("true")), word, Parsed.ATOM);
        }
        if (word.equalsIgnoreCase("fault")) {
            return fault();
        }
        text.seek(start);
        final Place place = place();
        final boolean isUnequal = text.take("!=");
        if (!isUnequal && !text.take("==") && !text.take("=")) {
            throw text.malformed("'=' expected");
        }
        final Parsed equals = equals(place);
        return isUnequal
                ? new Parsed(new Formula.Not(equals.formula()), "not (" + equals.text() + ")", Parsed.ATOM)
                : equals;
    }

    /** fault(P1:L0), fault(P1:L0,x), fault(P1:L0,MMU:Translation) or all of them. */
    private Parsed fault() {
        final int line = text.lineNumber();
        final int start = text.position();
        final String inner = text.take("(") ? text.until(")\n").strip() : "";
        final String[] parts = inner.split("\\s*,\\s*");
        if (!text.take(")") || !parts[0].matches("P\\d{1,2}:\\w+") || parts.length > 3) {
            text.seek(start);
            throw text.malformed("(P0:LABEL,LOCATION,TYPE) expected after fault");
        }
        final int thread = Integer.parseInt(parts[0].substring(1, parts[0].indexOf(':')));
        final int instruction = environment.instructionAt(thread, parts[0].substring(parts[0].indexOf(':') + 1), line);
        long address = 0;
        PageTableEntry.Fault type = null;
        for (int i = 1; i < parts.length; i++) {
            final PageTableEntry.Fault named = faultType(parts[i], line);
            type = named == null ? type : named;
            address = named == null ? environment.address(parts[i]) : address;
        }
        final String name = "Fault(" + String.join(",", parts) + ")";
        final Place place = Place.ofFault(name, thread, new Place.Fault(instruction, address, type, parts[0]));
        return new Parsed(new Formula.Not(new Formula.Equals(environment.observe(place), 0, -1)),
                "fault(" + String.join(",", parts) + ")", Parsed.ATOM);
    }

    private static PageTableEntry.Fault faultType(final String text, final int line) {
        for (final PageTableEntry.Fault fault : PageTableEntry.Fault.values()) {
            if (text.equals(fault.toString())) {
                return fault;
            }
        }
        if (text.contains(":")) {
            throw LitmusException.unsupported(line, text, "type of fault");
        }
        return null;
    }

    private Parsed equals(final Place place) {
        final int index = environment.observe(place);
        if (Numbers.isNext(text)) {
            final int line = text.lineNumber();
            final long number = Numbers.parse(text);
            if (text.startsWith(":")) {
                final Place other = environment.register(text, (int) number, line);
                return new Parsed(new Formula.Same(index, environment.observe(other)),
                        place.name() + "=" + other.name(), Parsed.ATOM);
            }
            return new Parsed(new Formula.Equals(index, number, ThreadRun.mask(place.sizeBytes())),
                    place.name() + "=" + number, Parsed.ATOM);
        }
        final String name = text.word();
        if (name.isEmpty()) {
            throw text.malformed("a number or the name of a location expected");
        }
        final Place target = environment.location(name, text);
        return new Parsed(new Formula.Equals(index, target.address(), -1),
                place.name() + "=" + name, Parsed.ATOM);
    }
}
