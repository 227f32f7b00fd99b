package io.netchannel.samples.haproxy.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** {@code .if} and its like (configuration manual, 2.4): which lines are read at all. */
final class Preprocessor {

    private static final int MAX_NESTED = 16;

    /** Where in an if block we are, and whether its lines count. */
    private enum Block {
        /** The lines of this branch are read. */
        TAKE,
        /** This branch is false; a later one may be true. */
        DROP,
        /** A branch was read before, or the block is in one that isn't read. */
        SKIP,
        /** As {@link #TAKE} and {@link #SKIP}, after {@code .else}. */
        ELSE_TAKE, ELSE_DROP
    }

    private final ParseContext context;
    private final Predicates predicates;
    private final Deque<Block> blocks = new ArrayDeque<>();
    private boolean stopped;

    Preprocessor(final ParseContext context) {
        this.context = context;
        this.predicates = new Predicates(context.configuration().environment()::get);
    }

    /** Whether a line made no sense, after which haproxy reads no more of the file. */
    boolean isStopped() {
        return stopped;
    }

    /** Whether lines are left out here. */
    boolean isSkipping() {
        return !blocks.isEmpty() && blocks.peek() != Block.TAKE && blocks.peek() != Block.ELSE_TAKE;
    }

    /** Whether a block is not ended. */
    boolean isOpen() {
        return !blocks.isEmpty();
    }

    /** @return whether the line was one of the preprocessor's */
    boolean line(final List<String> words) throws ConfigException {
        final String directive = words.getFirst();
        if (!directive.startsWith(".")) {
            return isSkipping();
        }
        switch (directive) {
            case ".if" -> open(words);
            case ".elif" -> elseIf(words);
            case ".else" -> {
                noArgument(words);
                otherwise();
            }
            case ".endif" -> {
                noArgument(words);
                if (blocks.isEmpty()) {
                    throw ConfigException.tight("lone '.endif' with no matching '.if'.").aborting();
                }
                blocks.pop();
            }
            default -> {
                if (!isSkipping()) {
                    message(words);
                }
            }
        }
        return true;
    }

    private static void noArgument(final List<String> words) throws ConfigException {
        if (words.size() > 1) {
            throw ConfigException.tight("Unexpected argument '" + words.get(1) + "' for '" + words.getFirst() + "'.")
                    .aborting();
        }
    }

    private void open(final List<String> words) throws ConfigException {
        if (blocks.size() + 1 >= MAX_NESTED) {
            throw ConfigException.tight("too many nested '.if', max is " + MAX_NESTED + ".").aborting();
        }
        if (isSkipping()) {
            blocks.push(Block.SKIP);
        } else {
            blocks.push(holds(words) ? Block.TAKE : Block.DROP);
        }
    }

    private void elseIf(final List<String> words) throws ConfigException {
        final Block block = current(".elif");
        blocks.pop();
        blocks.push(switch (block) {
            case TAKE, SKIP -> Block.SKIP;
            default -> holds(words) ? Block.TAKE : Block.DROP;
        });
    }

    private void otherwise() throws ConfigException {
        final Block block = current(".else");
        blocks.pop();
        blocks.push(block == Block.DROP ? Block.ELSE_TAKE : Block.ELSE_DROP);
    }

    private Block current(final String directive) throws ConfigException {
        final Block block = blocks.peek();
        if (block == null) {
            throw ConfigException.tight("lone '" + directive + "' with no matching '.if'.").aborting();
        }
        if (block == Block.ELSE_TAKE || block == Block.ELSE_DROP) {
            throw ConfigException.tight("'" + directive + "' after '.else' is not permitted.").aborting();
        }
        return block;
    }

    private boolean holds(final List<String> words) throws ConfigException {
        final String expression = String.join(" ", words.subList(1, words.size()));
        try {
            return predicates.holds(expression);
        } catch (final LexerException e) {
            final String directive = words.getFirst();
            final Printable shown = Printable.around(expression, e.position(), 80 - directive.length() - 1);
            throw ConfigException.tight(e.getMessage() + " in '" + directive + "' at position " + (e.position() + 1)
                    + ":\n  " + directive + " " + expression + "\n  "
                    + " ".repeat(shown.position() + directive.length() + 1) + "^").aborting();
        }
    }

    private void message(final List<String> words) throws ConfigException {
        final String directive = words.getFirst();
        final Diagnostics.Severity severity = switch (directive) {
            case ".alert" -> Diagnostics.Severity.ALERT;
            case ".warning" -> Diagnostics.Severity.WARNING;
            case ".notice" -> Diagnostics.Severity.NOTICE;
            case ".diag" -> Diagnostics.Severity.DIAG;
            default -> {
                stopped = true;
                throw ConfigException.tight("unknown directive '" + directive + "'.");
            }
        };
        if (words.size() > 2) {
            throw ConfigException.tight("Unexpected argument '" + words.get(2) + "' for '" + directive
                    + "'. Use quotes if the message should contain spaces.");
        }
        final String text = "'" + (words.size() > 1 ? words.get(1) : "") + "'.";
        if (severity == Diagnostics.Severity.ALERT) {
            throw ConfigException.tight(text).aborting();
        }
        context.tight(severity, text);
    }
}
