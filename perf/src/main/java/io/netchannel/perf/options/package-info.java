/** Options that commands share which run nodes. */
package io.netchannel.perf.options;
