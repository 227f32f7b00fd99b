/** A cache that starts warm: {@link io.netchannel.samples.memcached.warm.WarmStore} keeps its items in a table on the disk. */
package io.netchannel.samples.memcached.warm;
