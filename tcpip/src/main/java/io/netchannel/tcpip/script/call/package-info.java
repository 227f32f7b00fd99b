/** The boundary between a script and the socket calls that it makes. */
package io.netchannel.tcpip.script.call;
