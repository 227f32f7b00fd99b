/** HTTP/1 messages: parsed strictly, changed in place, written as they came but for the changes. */
package io.netchannel.samples.haproxy.http;
