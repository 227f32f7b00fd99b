package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import io.netchannel.samples.haproxy.expression.pattern.Ascii;
import io.netchannel.samples.haproxy.expression.pattern.Regex;

/** Converters of strings. */
final class TextConverters {

    private TextConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.text("upper", Ascii::upper);
        table.text("lower", Ascii::lower);
        table.text("cut_crlf", TextConverters::cutLine);
        table.add("length", Signature.NONE, Type.STR, Type.SINT, (args, place) -> (input,
                evaluation) -> input instanceof Value.Str(String text) ? new Value.Int(text.length()) : null);
        table.add("ltrim", ConverterTable.ONE_STRING, Type.STR, Type.STR, (args, place) -> {
            final String delimiters = args.text(0);
            return ConverterTable.textual(text -> text.substring(leading(text, delimiters)));
        });
        table.add("rtrim", ConverterTable.ONE_STRING, Type.STR, Type.STR, (args, place) -> {
            final String delimiters = args.text(0);
            return ConverterTable.textual(text -> {
                int end = text.length();
                while (end > 0 && delimiters.indexOf(text.charAt(end - 1)) >= 0) {
                    end--;
                }
                return text.substring(0, end);
            });
        });
        table.add("iif", Signature.of(2, ArgType.STR, ArgType.STR), Type.BOOL, Type.STR, (args, place) -> {
            final Value yes = new Value.Str(args.text(0));
            final Value no = new Value.Str(args.text(1));
            return (input, evaluation) -> input instanceof Value.Bool(boolean given) && given ? yes : no;
        });
        final Signature three = Signature.of(1, ArgType.STR, ArgType.STR, ArgType.STR);
        table.add("concat", three, Type.STR, Type.STR, (args, place) -> concat(args));
        table.add("add_item", new Signature(2, three.types()), Type.STR, Type.STR, (args, place) -> addItem(args));
        table.add("strcmp", ConverterTable.ONE_STRING, Type.STR, Type.SINT, (args, place) -> compare(args));
        table.add("regsub", Signature.of(2, ArgType.REG, ArgType.STR, ArgType.STR), Type.STR, Type.STR,
                (args, place) -> substitute(args));
    }

    private static String cutLine(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\r' || text.charAt(i) == '\n') {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static int leading(final String text, final String delimiters) {
        int start = 0;
        while (start < text.length() && delimiters.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return start;
    }

    private static VariableName optionalVariable(final Args args) throws ConfigException {
        return args.text(1).isEmpty() ? null : ConverterTable.variable(args, 1);
    }

    private static String textOf(final VariableName variable, final Evaluation evaluation) {
        final String text = variable == null ? null : Casts.string(variable.get(evaluation.context()));
        return text == null ? "" : text;
    }

    private static Converter.Conversion concat(final Args args) throws ConfigException {
        final String before = args.text(0);
        final VariableName variable = optionalVariable(args);
        final String after = args.text(2);
        return (input, evaluation) -> input instanceof Value.Str(String text)
                ? new Value.Str(text + before + textOf(variable, evaluation) + after)
                : null;
    }

    private static Converter.Conversion addItem(final Args args) throws ConfigException {
        final String delimiter = args.text(0);
        final VariableName variable = optionalVariable(args);
        final String suffix = args.text(2);
        if (variable == null && suffix.isEmpty()) {
            throw new ConfigException("one of the optional arguments has to be nonempty");
        }
        return (input, evaluation) -> {
            if (!(input instanceof Value.Str(String text))) {
                return null;
            }
            final String item = textOf(variable, evaluation) + suffix;
            return new Value.Str(text.isEmpty() || item.isEmpty() ? text + item : text + delimiter + item);
        };
    }

    /** The sign of strcmp(3), or its difference: the C library gives what it likes; ours is that of glibc's generic code. */
    private static Converter.Conversion compare(final Args args) throws ConfigException {
        if (args.text(0).isEmpty()) {
            throw new ConfigException("missing variable name");
        }
        final VariableName variable = ConverterTable.variable(args, 0);
        return (input, evaluation) -> {
            final String other = Casts.string(variable.get(evaluation.context()));
            if (other == null || !(input instanceof Value.Str(String text))) {
                return null;
            }
            for (int i = 0; i < Math.min(text.length(), other.length()); i++) {
                if (text.charAt(i) != other.charAt(i)) {
                    return new Value.Int(text.charAt(i) - other.charAt(i));
                }
            }
            return new Value.Int(Integer.compare(text.length(), other.length()));
        };
    }

    private static Converter.Conversion substitute(final Args args) throws ConfigException {
        if (args.text(0).isEmpty()) {
            throw new ConfigException("missing regex");
        }
        boolean global = false;
        boolean ignoreCase = false;
        for (final char flag : args.text(2).toCharArray()) {
            if (flag != 'i' && flag != 'g') {
                throw new ConfigException("invalid regex flag '" + flag + "', only 'i' and 'g' are supported");
            }
            global |= flag == 'g';
            ignoreCase |= flag == 'i';
        }
        final Regex regex = Regex.compile(args.text(0), ignoreCase);
        final String replacement = args.text(1);
        final boolean all = global;
        return ConverterTable.textual(text -> replace(text, regex, replacement, all));
    }

    private static String replace(final String text, final Regex regex, final String replacement, final boolean all) {
        final StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (regex.find(text, at)) {
            out.append(text, at, regex.start());
            final String expanded = regex.expand(replacement);
            out.append(expanded == null ? "" : expanded);
            int end = regex.end();
            if (at >= text.length()) {
                return out.toString();
            }
            if (end == at) {
                // An empty match stands before a char, which goes with it.
                out.append(text.charAt(end++));
            }
            at = end;
            if (!all) {
                break;
            }
        }
        return out.append(text, at, text.length()).toString();
    }
}
