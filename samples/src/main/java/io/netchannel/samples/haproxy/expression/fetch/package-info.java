/** The fetches of the configuration manual's chapter 7.3, in groups by what they look at. */
package io.netchannel.samples.haproxy.expression.fetch;
