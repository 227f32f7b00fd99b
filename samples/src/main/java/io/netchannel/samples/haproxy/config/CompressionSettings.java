package io.netchannel.samples.haproxy.config;

import java.util.List;

/** {@code compression}. */
public final class CompressionSettings {

    /** {@code identity}, {@code gzip}, {@code deflate}, {@code raw-deflate}: the client's choice among them counts. */
    public static final Setting<List<String>> ALGORITHMS = Setting.list("compression algo");
    /** What content types begin with; none: all. */
    public static final Setting<List<String>> TYPES = Setting.list("compression type");
    /** Servers aren't told that the client takes compressed bodies. */
    public static final Setting<Boolean> OFFLOAD = Setting.of("compression offload", false);

    private CompressionSettings() {
    }
}
