package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.rule.RuleContext;
import io.netchannel.samples.haproxy.rule.Verdict;

/** Answers of the proxy's own to requests for it: {@code stats uri}. Asked behind http-request, before redirect. */
public interface BuiltInPage {

    BuiltInPage NONE = (_, _) -> Verdict.CONTINUE;

    /** @return CONTINUE if the request isn't for it; WAIT while the request's body is needed and not there */
    Verdict answer(ProxySection proxy, RuleContext stream);
}
