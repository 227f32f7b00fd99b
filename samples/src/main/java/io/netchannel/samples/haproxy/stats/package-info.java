/** What the proxy says of itself: counters of proxies and servers as page, CSV and JSON, and the states that servers had before. */
package io.netchannel.samples.haproxy.stats;
