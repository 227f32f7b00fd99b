/**
 * Packets of scripts: built for the stack, read from it, mapped between the script's numbers and those on the wire, and
 * compared.
 */
package io.netchannel.tcpip.script.packet;
