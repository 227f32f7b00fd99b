/** What is done with a connection or a message: rules, their order, their actions, and the answers that they give. */
package io.netchannel.samples.haproxy.rule;
