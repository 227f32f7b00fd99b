package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.http.ErrorMessages;
import java.util.HashMap;
import java.util.Map;

/** Which answer a proxy gives for a status: its backend's, its frontend's, or haproxy's own. */
public final class ErrorReplies {

    private static final Map<Integer, Reply> OWN = own();

    private ErrorReplies() {
    }

    private static Map<Integer, Reply> own() {
        final Map<Integer, Reply> replies = new HashMap<>();
        for (final int status : ErrorMessages.statuses()) {
            try {
                replies.put(status, ErrorFile.parse(ErrorMessages.get(status)));
            } catch (final ConfigException e) {
                throw new IllegalStateException(e);
            }
        }
        return replies;
    }

    /** haproxy's own, with a head of its own. */
    public static Reply own(final int status) {
        final Reply reply = OWN.get(status);
        return (reply == null ? OWN.get(500) : reply).copy();
    }

    /** @param backend null before there is one */
    public static Reply find(final int status, final ProxySection frontend, final ProxySection backend,
            final RuleContext context) {
        ReplyTemplate template = backend == null ? null : backend.get(RuleSettings.ERROR_REPLIES).get(status);
        if (template == null) {
            template = frontend.get(RuleSettings.ERROR_REPLIES).get(status);
        }
        return template == null ? own(status) : template.render(context);
    }
}
