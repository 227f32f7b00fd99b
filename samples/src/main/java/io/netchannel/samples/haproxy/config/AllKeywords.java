package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.check.CheckKeywords;
import io.netchannel.samples.haproxy.expression.ExpressionKeywords;
import io.netchannel.samples.haproxy.log.LogKeywords;
import io.netchannel.samples.haproxy.rule.RuleKeywords;
import io.netchannel.samples.haproxy.stick.StickKeywords;

/** Who reads which keyword. */
public final class AllKeywords {

    private AllKeywords() {
    }

    public static Keywords create() {
        final Keywords.Builder builder = new Keywords.Builder();
        ProxyKeywords.register(builder);
        OptionKeywords.register(builder);
        TimeoutKeywords.register(builder);
        SwitchingKeywords.register(builder);
        CookieKeywords.register(builder);
        BalanceKeywords.register(builder);
        CompressionKeywords.register(builder);
        FilterKeywords.register(builder);
        FcgiSection.register(builder);
        StatsKeywords.register(builder);
        ProgramKeywords.register(builder);
        RemovedKeywords.register(builder);
        GlobalKeywords.register(builder);
        CaseAdjustKeywords.register(builder);
        TuningKeywords.register(builder);
        TuningKeywords.refuse(builder);
        EnvironmentKeywords.register(builder);
        TlsGlobalKeywords.register(builder);
        VariableKeywords.register(builder);
        ExpressionKeywords.register(builder);
        BindKeywords.register(builder);
        ServerKeywords.register(builder);
        TlsKeywords.register(builder);
        LogKeywords.register(builder);
        StickKeywords.register(builder);
        RuleKeywords.register(builder);
        CheckKeywords.register(builder);
        return builder.build();
    }
}
