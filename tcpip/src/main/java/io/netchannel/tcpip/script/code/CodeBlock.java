package io.netchannel.tcpip.script.code;

import io.netchannel.tcpip.script.code.CodeException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Runs one block of code. */
public final class CodeBlock {

    private static final Set<String> OTHER_STATEMENTS = Set.of("if", "for", "while", "def", "import", "from", "class",
            "try", "with", "raise", "global", "del", "return", "lambda", "exec");

    private final CodeExpression expressions;
    private final Map<String, Object> variables;
    private final Consumer<String> output;

    private CodeBlock(final CodeExpression expressions, final Map<String, Object> variables,
            final Consumer<String> output) {
        this.expressions = expressions;
        this.variables = variables;
        this.output = output;
    }

    /**
     * @param variables what names mean, Long, Double or String; assignments go there
     * @param output takes what is printed
     * @throws CodeException if an assertion fails, or if there is something that we don't have
     */
    public static void run(final String code, final Map<String, Object> variables, final Consumer<String> output)
            throws CodeException {
        final List<String> words = CodeLexer.words(code);
        new CodeBlock(new CodeExpression(words, variables), variables, output).statements();
    }

    private void statements() throws CodeException {
        while (!expressions.at(CodeLexer.END)) {
            if (!expressions.accept(";")) {
                statement();
                if (!expressions.accept(";")) {
                    throw expressions.unsupported();
                }
            }
        }
    }

    private void statement() throws CodeException {
        final String word = expressions.peek();
        if (OTHER_STATEMENTS.contains(word)) {
            throw new CodeException(Reason.UNSUPPORTED, "code: " + word);
        }
        switch (word) {
            case "assert" -> {
                expressions.next();
                assertion();
            }
            case "print" -> {
                expressions.next();
                output.accept(expressions.at(";") ? "" : CodeExpression.text(expressions.tuple()));
            }
            case "pass" -> expressions.next();
            default -> assignmentOrExpression();
        }
    }

    private void assertion() throws CodeException {
        final int start = expressions.position();
        final boolean holds = CodeExpression.isTrue(expressions.expression());
        final String condition = expressions.textBetween(start, expressions.position());
        final Object message = expressions.accept(",") ? expressions.expression() : null;
        if (!holds) {
            throw new CodeException(Reason.FAILED, "assert " + condition
                    + (message == null ? "" : ": " + CodeExpression.text(message)));
        }
    }

    private void assignmentOrExpression() throws CodeException {
        final String name = expressions.peek();
        final String operator = expressions.peekNext();
        if (!operator.equals("=") && !operator.equals("+=") && !operator.equals("-=")) {
            expressions.tuple();
            return;
        }
        if (!Character.isJavaIdentifierStart(name.charAt(0))) {
            throw expressions.unsupported();
        }
        expressions.next();
        expressions.next();
        final Object value = expressions.expression();
        variables.put(name, operator.equals("=")
                ? value
                : expressions.arithmetic(operator.substring(0, 1), expressions.variable(name), value));
    }
}
