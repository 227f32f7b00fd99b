package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.Keywords;
import java.util.List;

/** Reads lines as a file, with the keywords of this package only. */
final class Reading {

    private Reading() {
    }

    /** @return what is said about them, without what other packages' missing keywords bring */
    static List<String> of(final String... lines) {
        final Keywords.Builder keywords = new Keywords.Builder();
        ExpressionKeywords.register(keywords);
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), keywords.build(), diagnostics);
        reader.read("t.cfg", String.join("\n", lines) + "\n");
        reader.finish();
        return diagnostics.messages().stream().map(Diagnostics.Message::text)
                .filter(text -> !text.contains("has no 'bind' directive") && !text.startsWith("missing timeouts for"))
                .toList();
    }
}
