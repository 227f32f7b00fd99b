package io.netchannel.samples.haproxy.config;

/** Which chars names may have. */
public final class Names {

    private Names() {
    }

    /** @return index of the first char that a name of a proxy, server or ACL can't have, or -1 */
    public static int invalid(final String name) {
        return invalid(name, ".:_-");
    }

    /** @return index of the first char that a domain's name or a prefix of names can't have, or -1 */
    public static int invalidInDomain(final String name) {
        return invalid(name, "._-");
    }

    private static int invalid(final String name, final String others) {
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            final boolean alphanumeric = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!alphanumeric && others.indexOf(c) < 0) {
                return i;
            }
        }
        return name.isEmpty() ? 0 : -1;
    }

    /** For a message: the char, or nothing if the name is empty. */
    public static String charAt(final String name, final int index) {
        return index < name.length() ? String.valueOf(name.charAt(index)) : "";
    }
}
