/**
 * The two sides of netperf's tests, written once for all paths.
 */
package io.netchannel.perf.netperf.role;
