package io.netchannel.samples.haproxy.config;

import java.util.Set;

/** {@code compression}. */
final class CompressionKeywords {

    private static final Set<String> ALGORITHMS = Set.of("identity", "gzip", "deflate", "raw-deflate");

    private CompressionKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("compression", CompressionKeywords::compression);
    }

    private static void compression(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        switch (line.word(1)) {
            case "algo" -> {
                if (line.size() < 3) {
                    throw new ConfigException("parsing " + line.place() + " : 'compression' expects <algorithm>.");
                }
                for (final String algorithm : line.words().subList(2, line.size())) {
                    if (!ALGORITHMS.contains(algorithm)) {
                        throw new ConfigException("'compression' : '" + algorithm
                                + "' is not a supported algorithm.");
                    }
                    section.append(CompressionSettings.ALGORITHMS, algorithm);
                }
            }
            case "offload" -> {
                if (section.kind() == SectionKind.DEFAULTS) {
                    context.warning("'compression' : 'offload' ignored in 'defaults' section.");
                }
                section.set(CompressionSettings.OFFLOAD, section.kind() != SectionKind.DEFAULTS);
            }
            case "type" -> {
                if (line.size() < 3) {
                    throw new ConfigException("'compression' expects <type>.");
                }
                line.words().subList(2, line.size()).forEach(type -> section.append(CompressionSettings.TYPES, type));
            }
            default -> throw new ConfigException("'compression' expects 'algo', 'type' or 'offload'");
        }
    }
}
