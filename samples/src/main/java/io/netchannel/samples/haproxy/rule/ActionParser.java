package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;

/** Reads an action's arguments; the condition's words stay. */
@FunctionalInterface
interface ActionParser {

    Action parse(RuleWords words) throws ConfigException;
}
