package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.config.SectionKind;
import java.util.List;

/** A place in a configuration, for what is parsed in tests. */
final class Places {

    final Diagnostics diagnostics = new Diagnostics();
    final Configuration configuration = new Configuration();
    final ParseContext context = new ParseContext(configuration, new Keywords.Builder().build(), diagnostics);
    final ProxySection proxy = new ProxySection(SectionKind.LISTEN, "fe1", "t.cfg", 1, null);
    final ParsePlace place = new ParsePlace(new Line("t.cfg", 7, List.of()), proxy, context, Use.HTTP_REQUEST);

    static Places http() {
        final Places places = new Places();
        places.proxy.set(ProxySettings.MODE, ProxySettings.Mode.HTTP);
        return places;
    }

    List<String> messages() {
        return diagnostics.messages().stream().map(message -> message.severity() + " " + message.text()).toList();
    }
}
