/** Scripts of packets and socket calls, run against a stack in virtual time. */
package io.netchannel.tcpip.script;
