/** TLS of binds and servers: certificates, who is trusted, and handlers for channels; by the JDK's TLS. */
package io.netchannel.samples.haproxy.tls;
