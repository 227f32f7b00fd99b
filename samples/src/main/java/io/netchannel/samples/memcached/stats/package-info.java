/** What {@code stats} says: names and values as the original's tools expect them. */
package io.netchannel.samples.memcached.stats;
