/** The configuration's language: files, lines, words, sections, and what is wrong with them. */
package io.netchannel.samples.haproxy.config;
