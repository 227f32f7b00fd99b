/** Log lines: who gets them, in which format, and how they are sent without holding the proxy up. */
package io.netchannel.samples.haproxy.log;
