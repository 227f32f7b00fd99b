package io.netchannel.samples.haproxy.config;

import java.util.List;

/** A {@code program} that the master runs beside the proxy. @param words what is started; not empty */
public record ProgramSection(String name, List<String> words) {
}
