package io.netchannel.samples.haproxy.expression;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Users, their passwords and their groups: a {@code userlist} section. Threading: filled while files are read, then the loop's. */
public final class UserList {

    /** @param plain whether the password stands there as it is */
    private record User(String password, boolean plain, List<String> groups) {
    }

    private final Map<String, User> users = new LinkedHashMap<>();
    private final Set<String> groups = new LinkedHashSet<>();

    boolean addUser(final String name, final String password, final boolean plain, final List<String> userGroups) {
        return users.putIfAbsent(name, new User(password, plain, new ArrayList<>(userGroups))) == null;
    }

    boolean addGroup(final String name) {
        return groups.add(name);
    }

    /** @return whether there is such a user */
    boolean join(final String user, final String group) {
        final User found = users.get(user);
        return found != null && found.groups.add(group);
    }

    Set<String> userNames() {
        return Collections.unmodifiableSet(users.keySet());
    }

    /** Takes as long as the password's hash wants: milliseconds. */
    public boolean accepts(final String user, final String password) {
        final User found = users.get(user);
        if (found == null || found.password == null) {
            return false;
        }
        return found.plain
                ? MessageDigest.isEqual(Casts.bytes(found.password), Casts.bytes(password))
                : PasswordHash.matches(password, found.password);
    }

    /** Empty if there is no such user. */
    public List<String> groupsOf(final String user) {
        final User found = users.get(user);
        return found == null ? List.of() : Collections.unmodifiableList(found.groups);
    }

    public boolean hasGroup(final String group) {
        return groups.contains(group);
    }
}
