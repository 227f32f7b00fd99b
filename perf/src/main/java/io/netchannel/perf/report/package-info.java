/**
 * A run of netperf as a page with plots, which needs nothing but itself.
 */
package io.netchannel.perf.report;
