package io.netchannel.cpu.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Which CPU this is, by {@code /proc/cpuinfo} and {@code /sys}.
 *
 * @param model as the kernel names it
 * @param nearestTable the row of {@link CostTables} that comes nearest, or "" if none does
 */
public record HostCpu(String model, String nearestTable, CpuCaches caches) {

    /** @param root of the file system, {@code /} but in tests */
    public static HostCpu read(final Path root) {
        final Map<String, String> fields = fields(root.resolve("proc/cpuinfo"));
        return new HostCpu(model(fields), nearest(fields),
                CpuCaches.read(root.resolve("sys/devices/system/cpu/cpu0/cache")));
    }

    /** Of the first CPU. */
    private static Map<String, String> fields(final Path file) {
        final Map<String, String> fields = new HashMap<>();
        try {
            for (final String line : Files.readAllLines(file)) {
                final int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
                }
            }
        } catch (final IOException e) {
            // Without it the CPU has no name; it can still be measured.
        }
        return fields;
    }

    private static String model(final Map<String, String> fields) {
        if (fields.containsKey("model name")) {
            return fields.get("model name") + ", family " + fields.get("cpu family") + " model " + fields.get("model");
        }
        return fields.containsKey("CPU part")
                ? "implementer " + fields.get("CPU implementer") + " part " + fields.get("CPU part")
                : "unknown";
    }

    private static String nearest(final Map<String, String> fields) {
        if (fields.containsKey("CPU part")) {
            return switch (fields.get("CPU implementer") + " " + fields.get("CPU part")) {
                // Altra has the same core and the same number.
                case "0x41 0xd0c" -> "Graviton2 (Neoverse N1)";
                case "0x41 0xd40" -> "Graviton3 (Neoverse V1)";
                default -> "";
            };
        }
        return switch (fields.getOrDefault("vendor_id", "")) {
            case "AuthenticAMD" -> nearestAmd(number(fields, "cpu family"), number(fields, "model"));
            case "GenuineIntel" -> nearestIntel(number(fields, "model"));
            default -> "";
        };
    }

    private static String nearestAmd(final int family, final int model) {
        if (family != 0x19) {
            return "";
        }
        // Zen 4: 10h-1Fh, 60h-7Fh, A0h-AFh; the rest of the family is Zen 3.
        return model >= 0x10 && model <= 0x1f || model >= 0x60 && model <= 0x7f || model >= 0xa0 && model <= 0xaf
                ? "Zen 4 (EPYC, virtual machine)"
                : "Milan (EPYC 7R13)";
    }

    private static String nearestIntel(final int model) {
        return switch (model) {
            case 0x4e, 0x5e -> "Skylake (Core i7-6700K)";
            // The server part of Skylake and its successor differ by stepping, and hardly in costs.
            case 0x55 -> "Cascade Lake (Xeon 8275CL)";
            case 0x6a, 0x6c -> "Ice Lake (Xeon 8375C)";
            default -> "";
        };
    }

    private static int number(final Map<String, String> fields, final String name) {
        final String value = fields.getOrDefault(name, "");
        return value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : -1;
    }
}
