/**
 * The code of scripts, {@code %{ assert tcpi_snd_cwnd == 10 }%}: the part of Python that scripts use.
 *
 * <p>Statements: {@code assert}, {@code print}, assignments, {@code pass}. Expressions: numbers, strings, names,
 * comparisons (chained too), {@code and or not}, arithmetic and bits. Anything else is refused by name.
 */
package io.netchannel.tcpip.script.code;
