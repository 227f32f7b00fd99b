package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.ProxySection;
import java.util.List;

/** A configuration read from lines. */
final class Rules {

    final Diagnostics diagnostics = new Diagnostics();
    final Configuration configuration = new Configuration();

    private Rules(final String text) {
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        reader.read("test.cfg", text);
        reader.finish();
    }

    /** Of a listen section with these lines in mode http. */
    static Rules listen(final String... lines) {
        return new Rules("listen web\n mode http\n " + String.join("\n ", lines) + "\n");
    }

    static Rules of(final String text) {
        return new Rules(text);
    }

    ProxySection proxy() {
        return configuration.proxies().getFirst();
    }

    /** But for what haproxy says of proxies that listen nowhere and have no timeouts. */
    List<String> messages() {
        return diagnostics.messages().stream().map(Diagnostics.Message::text)
                .filter(text -> !text.contains("has no 'bind' directive") && !text.startsWith("missing timeouts for"))
                .toList();
    }

    Verdict request(final TestStream stream) {
        return proxy().get(RuleSettings.HTTP_REQUEST).evaluate(stream, new RuleCursor());
    }

    Verdict response(final TestStream stream) {
        return proxy().get(RuleSettings.HTTP_RESPONSE).evaluate(stream, new RuleCursor());
    }
}
