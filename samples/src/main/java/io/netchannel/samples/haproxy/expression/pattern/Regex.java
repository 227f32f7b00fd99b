package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression as haproxy's PCRE takes it, run by {@link java.util.regex}.
 *
 * <p>What differs: recursion, conditionals, {@code \K}, {@code \G}'s and {@code (*VERB)}'s kind are refused with PCRE's
 * sort of message but Java's reason. Backtracking is bounded by the number of chars looked at; where PCRE gives up at its
 * own limit, so does this: no match. A text whose match nests too deep for the loop's stack, which a client can choose to
 * get around a rule, is tried again on a stack that is large enough. Letters without case are those of ASCII.
 *
 * <p>Threading: one loop; the matcher is kept.
 */
public final class Regex {

    /** As many steps as PCRE2's default match limit. */
    private static final int MAX_STEPS = 10_000_000;
    /** Some 600 bytes for each char that a repeated group takes: enough for a buffer of haproxy's usual size, and much more. */
    private static final long DEEP_STACK_BYTES = 64L << 20;
    /** haproxy keeps the whole match and nine groups. */
    private static final int MAX_GROUPS = 9;

    private final String source;
    private final Bounded input = new Bounded();
    private final Matcher matcher;

    private Regex(final String source, final Pattern pattern) {
        this.source = source;
        this.matcher = pattern.matcher(input);
    }

    public static Regex compile(final String source, final boolean ignoreCase) throws ConfigException {
        return compile(source, ignoreCase, true);
    }

    /** @param capturing false: parentheses only group, as haproxy has it for ACLs, so that nothing can refer to them */
    static Regex compile(final String source, final boolean ignoreCase, final boolean capturing)
            throws ConfigException {
        try {
            // Only \n ends a line in PCRE, so that dot and dollar know no other.
            final int flags = Pattern.UNIX_LINES | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
            return new Regex(source, Pattern.compile(PcreTranslation.translate(source, capturing), flags));
        } catch (PatternSyntaxException e) {
            throw new ConfigException("regex '" + source + "' is invalid (error=" + e.getDescription() + ", erroffset="
                    + Math.max(0, e.getIndex()) + ")", e);
        } catch (StackOverflowError | IllegalArgumentException e) {
            throw new ConfigException("regex '" + source + "' is invalid (error=too complex, erroffset=0)", e);
        }
    }

    public String source() {
        return source;
    }

    /** Whether the expression is found anywhere in {@code text}. */
    public boolean matches(final String text) {
        return find(text, 0);
    }

    /** The next match at or after {@code from}; {@code ^} fits only at 0, where also what a text may cost begins. */
    public boolean find(final String text, final int from) {
        input.begin(text, from);
        matcher.reset();
        try {
            return matcher.find(from);
        } catch (final BudgetSpent e) {
            return false;
        } catch (final StackOverflowError e) {
            return findDeep(from);
        }
    }

    private boolean findDeep(final int from) {
        final boolean[] found = new boolean[1];
        final Thread deep = new Thread(null, () -> {
            matcher.reset();
            try {
                found[0] = matcher.find(from);
            } catch (final BudgetSpent | StackOverflowError e) {
                // PCRE stops at its limits too, and haproxy takes it as no match.
                found[0] = false;
            }
        }, "regex", DEEP_STACK_BYTES);
        deep.start();
        boolean interrupted = false;
        while (true) {
            try {
                deep.join();
                break;
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return found[0];
    }

    public int start() {
        return matcher.start();
    }

    public int end() {
        return matcher.end();
    }

    /** Of the last match: null where the group took no part or doesn't exist. */
    public String group(final int index) {
        return index <= Math.min(matcher.groupCount(), MAX_GROUPS) ? matcher.group(index) : null;
    }

    /**
     * A replacement with {@code \0} to {@code \9} for groups, {@code \xHH} for a byte, and a backslash before any other
     * char for that char.
     *
     * @return null if the template ends within an escape
     */
    public String expand(final String template) {
        final StringBuilder result = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            final char c = template.charAt(i);
            if (c != '\\') {
                result.append(c);
                continue;
            }
            if (++i == template.length()) {
                return null;
            }
            final char next = template.charAt(i);
            if (next >= '0' && next <= '9') {
                final String group = group(next - '0');
                result.append(group == null ? "" : group);
            } else if (next == 'x') {
                if (i + 2 >= template.length()) {
                    return null;
                }
                result.append((char) (hex(template.charAt(i + 1)) << 4 | hex(template.charAt(i + 2))));
                i += 2;
            } else {
                result.append(next);
            }
        }
        return result.toString();
    }

    private static int hex(final char c) {
        return Math.max(0, Character.digit(c, 16));
    }

    /** Thrown out of the matcher when a text costs too much. */
    private static final class BudgetSpent extends RuntimeException {

        private static final long serialVersionUID = 1L;
        static final BudgetSpent INSTANCE = new BudgetSpent();

        private BudgetSpent() {
            super("too much backtracking", null, false, false);
        }
    }

    /** Counts how often the matcher looks. */
    private static final class Bounded implements CharSequence {

        private String text = "";
        private int steps;

        void begin(final String newText, final int from) {
            text = newText;
            steps = from == 0 ? 0 : steps;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(final int index) {
            if (++steps > MAX_STEPS) {
                throw BudgetSpent.INSTANCE;
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(final int start, final int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
