/** The stats socket: its sessions, and the commands that show and change what the proxy does. */
package io.netchannel.samples.haproxy.stats.cli;
