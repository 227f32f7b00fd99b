/** Stick tables: counters and servers remembered by address, number, text or bytes. */
package io.netchannel.samples.haproxy.stick;
