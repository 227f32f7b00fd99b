/**
 * What clients say and are told: the text protocol with its meta commands, and the binary one. A {@link
 * io.netchannel.samples.memcached.protocol.Session} is a connection's half-read request and half-sent answer; a {@link
 * io.netchannel.samples.memcached.protocol.Worker} is what the sessions of a loop share. Requests are parsed where
 * they were
 * received.
 */
package io.netchannel.samples.memcached.protocol;
