/** What the sockets of a node have in common, whatever they look like: addresses and errors in the JDK's terms. */
package io.netchannel.node.socket;
