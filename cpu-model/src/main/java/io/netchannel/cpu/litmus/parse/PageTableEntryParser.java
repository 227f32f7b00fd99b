package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.thread.PageTableEntry;

/** A page-table entry as herd writes it: (oa:PA(x), valid:1, af:1, db:1, el0:1), each part optional. */
final class PageTableEntryParser {

    private PageTableEntryParser() {
    }

    static PageTableEntry parse(final Text text, final Environment environment) {
        text.take("(");
        PageTableEntry entry = PageTableEntry.of(0);
        while (!text.take(")")) {
            final int line = text.lineNumber();
            final String field = text.word();
            if (!text.take(":")) {
                throw text.malformed("FIELD:VALUE expected");
            }
            entry = field.equals("oa") ? withOutput(entry, text, environment) : with(entry, field, flag(text), line);
            text.take(",");
        }
        return entry;
    }

    private static PageTableEntry withOutput(final PageTableEntry entry, final Text text,
            final Environment environment) {
        if (!text.take("PA(")) {
            throw text.malformed("PA(LOCATION) expected");
        }
        final String name = text.word();
        if (name.isEmpty() || !text.take(")")) {
            throw text.malformed("PA(LOCATION) expected");
        }
        return new PageTableEntry(environment.address(name), entry.valid(), entry.accessed(), entry.writable(),
                entry.user());
    }

    private static boolean flag(final Text text) {
        final long value = Numbers.parse(text);
        if (value != 0 && value != 1) {
            throw text.malformed("0 or 1 expected");
        }
        return value == 1;
    }

    private static PageTableEntry with(final PageTableEntry entry, final String field, final boolean value,
            final int line) {
        return switch (field) {
            case "valid" -> new PageTableEntry(entry.output(), value, entry.accessed(), entry.writable(), entry.user());
            case "af" -> new PageTableEntry(entry.output(), entry.valid(), value, entry.writable(), entry.user());
            case "db" -> new PageTableEntry(entry.output(), entry.valid(), entry.accessed(), value, entry.user());
            case "el0" -> new PageTableEntry(entry.output(), entry.valid(), entry.accessed(), entry.writable(), value);
            default -> throw LitmusException.unsupported(line, field, "field of a page-table entry");
        };
    }
}
