/**
 * What samples are matched against: patterns of ACLs and keys of maps, indexed by their method, and the references
 * (files, or the words of one line) that hold them and can be changed while the proxy runs.
 */
package io.netchannel.samples.haproxy.expression.pattern;
