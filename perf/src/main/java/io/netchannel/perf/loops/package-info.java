/** What applications need that run one test on several loops of a node. */
package io.netchannel.perf.loops;
