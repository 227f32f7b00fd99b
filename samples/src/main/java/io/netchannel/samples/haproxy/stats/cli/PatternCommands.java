package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.expression.pattern.PatternElement;
import io.netchannel.samples.haproxy.expression.pattern.PatternReference;
import io.netchannel.samples.haproxy.log.Syslog;
import java.util.List;

/** Commands on maps and ACLs. */
final class PatternCommands {

    private static final BindOptions.Level ADMIN = BindOptions.Level.ADMIN;
    private static final String ADD_MAP = "'add map' expects three parameters (map identifier, key and value) or one "
            + "parameter (map identifier) and a payload\n";
    private static final String ADD_ACL = "'add acl' expects two parameters: ACL identifier and pattern.\n";
    private static final String SET_MAP = "'set map' expects three parameters: map identifier, key and value.\n";

    private static final String MALFORMED = "Malformed identifier. Please use #<id> or <file>.\n";

    private PatternCommands() {
    }

    static void register(final Commands commands) {
        commands.add("add acl", ADMIN, "[@<ver>] <acl> <pattern> : one more pattern",
                call -> change(call, PatternCommands::add))
                .add("add map", ADMIN,
                        "[@<ver>] <map> <key> <val> : one more key, or many as a payload",
                        call -> change(call, PatternCommands::add))
                .add("set map", ADMIN, "<map> [<key>|#<ref>] <value> : another value for a key",
                        call -> change(call, PatternCommands::set));
        for (final String kind : new String[]{"acl", "map"}) {
            commands.add("clear " + kind, ADMIN, "[@<ver>] <" + kind + "> : drops all entries of this " + kind,
                    call -> change(call, PatternCommands::clear))
                    .add("commit " + kind, ADMIN, "@<ver> <" + kind + "> : what was prepared is used from now on",
                            call -> change(call, PatternCommands::commit))
                    .add("del " + kind, ADMIN, "<" + kind + "> [<key>|#<ref>] : drops what has this key",
                            call -> change(call, PatternCommands::delete))
                    .add("prepare " + kind, ADMIN, "<acl> : a new, empty version beside the one in use",
                            call -> call.message(Syslog.INFO, with(call, (_, reference, _, _) -> "New version created: "
                                    + reference.prepare() + "\n")))
                    .add("get " + kind, BindOptions.Level.USER, "map".equals(kind)
                            ? "<acl> <value> : which key a value meets"
                            : "<acl> <value> : which pattern a value meets",
                            PatternLookup::run)
                    .add("show " + kind, BindOptions.Level.OPERATOR, "map".equals(kind)
                            ? "[@ver] [map] : all maps, or one's entries"
                            : "[@<ver>] <acl>] : all ACLs, or one's patterns",
                            PatternCommands::show);
        }
    }

    private static boolean isMap(final Call call) {
        return "map".equals(call.word(1));
    }

    private static void change(final Call call, final Handler handler) {
        final String wrong = with(call, handler);
        if (!wrong.isEmpty()) {
            call.message(Syslog.ERR, wrong);
        }
    }

    @FunctionalInterface
    private interface Handler {

        /** @param at index of the word behind the list's name @param version -1: none was given */
        String run(Call call, PatternReference reference, int at, int version);
    }

    private static String with(final Call call, final Handler handler) {
        final boolean map = isMap(call);
        int at = 2;
        int version = -1;
        if (call.word(at).startsWith("@")) {
            version = (int) Units.leadingInteger(call.word(at).substring(1));
            at++;
        }
        final String kind = map ? "map" : "ACL";
        final String verb = call.word(0);
        if ("commit".equals(verb) && version < 0) {
            return "Missing version number.\n";
        }
        if (call.word(at).isEmpty() && !"prepare".equals(verb)) {
            return switch (verb) {
                case "add" -> map ? ADD_MAP : ADD_ACL;
                case "set" -> SET_MAP;
                case "del" -> "This command expects two parameters: " + kind + " identifier and key.\n";
                default -> "Missing " + kind + " identifier.\n";
            };
        }
        final PatternReference reference = find(call.control(), call.word(at), map);
        if (reference == null) {
            return "Unknown " + kind + " identifier. Please use #<id> or <file>.\n";
        }
        return handler.run(call, reference, at + 1, version);
    }

    /** @return null if there is none of that name and kind */
    static PatternReference find(final Control control, final String name, final boolean map) {
        final PatternReference reference = control.patterns().find(name);
        return reference == null || (map ? reference.isMap() : reference.isAcl()) ? reference : null;
    }

    private static void show(final Call call) {
        final boolean map = isMap(call);
        if (call.size() > 2) {
            call.print(with(call, (_, reference, _, version) -> elements(reference, version)));
            return;
        }
        call.print("# id (file) description\n");
        for (final PatternReference reference : call.control().patterns().all()) {
            if (map ? reference.isMap() : reference.isAcl()) {
                call.print(reference.id() + " (" + (reference.file() == null ? "" : reference.file()) + ") "
                        + reference.display() + ". curr_ver=" + reference.currentVersion() + " next_ver="
                        + reference.nextVersion() + " entry_cnt=" + reference.size() + "\n");
            }
        }
    }

    private static String elements(final PatternReference reference, final int version) {
        final List<PatternElement> elements = version <= 0 ? reference.elements() : reference.elements(version);
        final StringBuilder text = new StringBuilder();
        for (final PatternElement element : elements == null ? List.<PatternElement>of() : elements) {
            text.append("0x").append(Long.toHexString(element.id())).append(' ').append(element.pattern());
            if (element.sample() != null) {
                text.append(' ').append(element.sample());
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String add(final Call call, final PatternReference reference, final int at,
            final int version) {
        final boolean map = isMap(call);
        if (call.payload() == null || !map) {
            if (call.word(at).isEmpty() || map && call.word(at + 1).isEmpty()) {
                return map ? ADD_MAP : ADD_ACL;
            }
            return added(reference, version, call.word(at), map ? call.word(at + 1) : null);
        }
        for (final String line : call.payload().split("\n")) {
            final int blank = line.indexOf(' ');
            if (map && blank < 0) {
                return "Missing value for key '" + line + "'.\n";
            }
            final String wrong = added(reference, version, map ? line.substring(0, blank) : line,
                    map ? line.substring(blank + 1).strip() : null);
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        return "";
    }

    private static String added(final PatternReference reference, final int version, final String pattern,
            final String sample) {
        try {
            if (version < 0) {
                reference.add(pattern, sample);
            } else if (!reference.addTo(version, pattern, sample)) {
                return "Version number in the future, please use 'prepare map' before.\n";
            }
            return "";
        } catch (final ConfigException e) {
            return e.getMessage() + ".\n";
        }
    }

    private static String set(final Call call, final PatternReference reference, final int at,
            final int version) {
        final String key = call.word(at);
        if (key.isEmpty() || call.word(at + 1).isEmpty()) {
            return SET_MAP;
        }
        try {
            final boolean found = key.startsWith("#0x")
                    ? reference.setById(Long.parseLong(key.substring(3), 16), call.word(at + 1))
                    : reference.set(key, call.word(at + 1));
            return found ? "" : key.startsWith("#0x") ? "key or pattern not found.\n" : "entry not found.\n";
        } catch (final ConfigException e) {
            return e.getMessage() + ".\n";
        } catch (final NumberFormatException e) {
            return MALFORMED;
        }
    }

    private static String delete(final Call call, final PatternReference reference, final int at,
            final int version) {
        final String key = call.word(at);
        if (key.isEmpty()) {
            return "This command expects two parameters: " + (isMap(call) ? "map" : "ACL")
                    + " identifier and key.\n";
        }
        try {
            final boolean found = key.startsWith("#0x")
                    ? reference.deleteById(Long.parseLong(key.substring(3), 16))
                    : reference.delete(key);
            return found ? "" : "Key not found.\n";
        } catch (final NumberFormatException e) {
            return MALFORMED;
        }
    }

    private static String clear(final Call call, final PatternReference reference, final int at,
            final int version) {
        if (version < 0) {
            reference.clear();
        } else {
            // A version that isn't there is as good as empty.
            reference.clear(version);
        }
        return "";
    }

    private static String commit(final Call call, final PatternReference reference, final int at,
            final int version) {
        return reference.commit(version) ? "" : "Version number out of range.\n";
    }
}
