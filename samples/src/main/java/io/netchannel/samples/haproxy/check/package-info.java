/** Health checks: what they say to servers, what they expect, and what follows for the servers' states. */
package io.netchannel.samples.haproxy.check;
