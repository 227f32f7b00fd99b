/** The variables of log-format strings: what each writes of a stream (configuration manual, 8.2.4). */
package io.netchannel.samples.haproxy.expression.format;
