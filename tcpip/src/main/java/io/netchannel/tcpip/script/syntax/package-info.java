/**
 * The language of packet scripts, which is packetdrill's: text to {@link io.netchannel.tcpip.script.syntax.Script}.
 *
 * <p>The grammar, without what is only punctuation:
 *
 * <pre>
 * script  = {"--" name ["=" value]} [command] {event} [command]
 * event   = time (packet | call | command | code)
 * time    = seconds | "+" seconds | "*" | seconds "~" seconds | "+" seconds "~" "+" seconds
 * packet  = ("&lt;" | "&gt;") {encapsulation ":"} [ip] (tcp | udp | icmp)
 * tcp     = [port "&gt;" port] flags seq ":" seq "(" bytes ")" ["ack" n] ["win" n] ["urg" n] ["&lt;" options "&gt;"]
 * call    = ["..." seconds] name "(" [expression {"," expression}] ")" "=" expression [errno] ["(" note ")"]
 * command = "`" shell "`"
 * code    = "%{" python "}%"
 * </pre>
 */
package io.netchannel.tcpip.script.syntax;
