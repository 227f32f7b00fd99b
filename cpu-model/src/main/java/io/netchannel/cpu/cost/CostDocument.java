package io.netchannel.cpu.cost;

import java.util.List;
import java.util.Locale;

/** The tables, as the Markdown of {@code docs/costs.md}. */
public final class CostDocument {

    private CostDocument() {
    }

    /** What stands between the markers of the document. */
    public static String tables(final List<CpuCosts> all) {
        final StringBuilder text = new StringBuilder();
        for (final CpuCosts costs : all) {
            text.append("### ").append(costs.name()).append("\n\n");
            text.append("| operation | ns | kind | source |\n|---|---:|---|---|\n");
            costs.costs().values().forEach(cost -> text.append(String.format(Locale.ROOT, "| %s | %s | %s | %s |%n",
                    cost.operation().title(), ns(cost.ns()), cost.kind().title(), cost.source())));
            text.append('\n');
        }
        return text.toString();
    }

    /** Three significant digits are more than a shared machine repeats. */
    public static String ns(final double ns) {
        return ns < 10
                ? String.format(Locale.ROOT, "%.2f", ns)
                : ns < 100 ? String.format(Locale.ROOT, "%.1f", ns) : String.format(Locale.ROOT, "%.0f", ns);
    }
}
