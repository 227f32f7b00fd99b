/** Samples, converters, patterns and formats: what a configuration may ask about a connection or a message. */
package io.netchannel.samples.haproxy.expression;
