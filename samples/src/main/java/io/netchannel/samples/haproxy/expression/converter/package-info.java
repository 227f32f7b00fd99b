/** The converters of the configuration manual's chapter 7.3.1, in groups by what they work on. */
package io.netchannel.samples.haproxy.expression.converter;
