package io.netchannel.kernel.storage.ramfs;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;

/** Owners and groups: kept, and compared by name; nobody is refused anything. */
public final class RamPrincipals extends UserPrincipalLookupService {

    public static final UserPrincipal ROOT_USER = new User("root");
    public static final GroupPrincipal ROOT_GROUP = new Group("root");

    /** Whether it is one of these. */
    public static boolean isOurs(final UserPrincipal principal) {
        return principal instanceof User || principal instanceof Group;
    }

    @Override
    public UserPrincipal lookupPrincipalByName(final String name) {
        return new User(name);
    }

    @Override
    public GroupPrincipal lookupPrincipalByGroupName(final String group) {
        return new Group(group);
    }

    private record User(String getName) implements UserPrincipal {
        @Override
        public String toString() {
            return getName;
        }
    }

    private record Group(String getName) implements GroupPrincipal {
        @Override
        public String toString() {
            return getName;
        }
    }
}
