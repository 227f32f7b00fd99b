/**
 * Runs scripts: one stack, one wire end, virtual time.
 *
 * <p>A run goes from event to event and, between these, from deadline to deadline of the stack; nothing waits for a clock.
 */
package io.netchannel.tcpip.script.run;
