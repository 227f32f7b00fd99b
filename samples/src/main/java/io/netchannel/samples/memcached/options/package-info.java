/** memcached's command line: what it takes, and what it says. */
package io.netchannel.samples.memcached.options;
