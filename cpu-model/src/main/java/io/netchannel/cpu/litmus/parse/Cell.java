package io.netchannel.cpu.litmus.parse;

/** One instruction of one thread as it stands in the table of a test, without its labels. */
public record Cell(String text, int line) {
}
