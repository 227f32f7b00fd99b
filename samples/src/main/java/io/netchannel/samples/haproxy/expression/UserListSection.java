package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.KeywordParser;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.Names;
import io.netchannel.samples.haproxy.config.ParseContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a {@code userlist} section: {@code group NAME [users A,B]}, {@code user NAME [insecure-]password P [groups G,H]}. */
final class UserListSection implements KeywordParser.Section {

    private String name;
    private UserList list;
    private final Map<String, String> usersOfGroups = new LinkedHashMap<>();

    @Override
    public void begin(final Line line, final ParseContext context) throws ConfigException {
        name = line.word(1);
        list = new UserList();
        if (name.isEmpty()) {
            context.tightAlert("'userlist' expects <name> as arguments.");
            return;
        }
        ParseContext.noMoreThan(1, line);
        if (!isName("userlist", name, context)) {
            return;
        }
        final GlobalSettings global = context.configuration().global();
        if (global.get(ExpressionSettings.USER_LISTS).containsKey(name)) {
            context.tightWarning("ignoring duplicated userlist '" + name + "'.");
            return;
        }
        final Map<String, UserList> lists = new LinkedHashMap<>(global.get(ExpressionSettings.USER_LISTS));
        lists.put(name, list);
        global.set(ExpressionSettings.USER_LISTS, Map.copyOf(lists));
    }

    private static boolean isName(final String keyword, final String name, final ParseContext context) {
        final int invalid = Names.invalid(name);
        if (invalid >= 0) {
            context.tightAlert("character '" + Names.charAt(name, invalid) + "' is not permitted in '" + keyword
                    + "' name '" + name + "'.");
        }
        return invalid < 0;
    }

    @Override
    public void line(final Line line, final ParseContext context) {
        final String keyword = line.word(0);
        if (!keyword.equals("group") && !keyword.equals("user")) {
            context.tightAlert("unknown keyword '" + keyword + "' in 'users' section");
        } else if (line.word(1).isEmpty()) {
            context.tightAlert("'" + keyword + "' expects <name> as arguments.");
        } else if (keyword.equals("group")) {
            group(line, context);
        } else {
            user(line, context);
        }
    }

    private void group(final Line line, final ParseContext context) {
        final String group = line.word(1);
        if (!isName("group", group, context)) {
            return;
        }
        for (int i = 2; i < line.size(); i += 2) {
            if (!line.word(i).equals("users")) {
                context.tightAlert("'group' only supports 'users' option.");
                return;
            }
            usersOfGroups.put(group, line.word(i + 1));
        }
        if (!list.addGroup(group)) {
            context.tightAlert("ignoring duplicated group '" + group + "' in userlist '" + name + "'.");
        }
    }

    private void user(final Line line, final ParseContext context) {
        final String user = line.word(1);
        String password = null;
        boolean plain = false;
        List<String> groups = List.of();
        for (int i = 2; i < line.size(); i += 2) {
            final String value = line.word(i + 1);
            switch (line.word(i)) {
                case "password" -> {
                    if (!PasswordHash.isSupported(value)) {
                        context.tightAlert("the encrypted password used for user '" + user
                                + "' is not supported by crypt(3).");
                        return;
                    }
                    password = value;
                    plain = false;
                }
                case "insecure-password" -> {
                    password = value;
                    plain = true;
                }
                case "groups" -> groups = names(value);
                default -> {
                    context.tightAlert("'user' only supports 'password', 'insecure-password' and 'groups' options.");
                    return;
                }
            }
        }
        if (!list.addUser(user, password, plain, groups)) {
            context.tightAlert("ignoring duplicated user '" + user + "' in userlist '" + name + "'.");
        }
    }

    private static List<String> names(final String commaSeparated) {
        final List<String> names = new ArrayList<>();
        for (final String each : commaSeparated.split(",")) {
            if (!each.isEmpty()) {
                names.add(each);
            }
        }
        return names;
    }

    @Override
    public void end(final ParseContext context) {
        context.afterParsing(_ -> resolve());
    }

    private void resolve() throws ConfigException {
        for (final String user : list.userNames()) {
            for (final String group : list.groupsOf(user)) {
                if (!list.hasGroup(group)) {
                    throw new ConfigException(
                            "userlist '" + name + "': no such group '" + group + "' specified in user '"
                                    + user + "'");
                }
            }
        }
        for (final Map.Entry<String, String> group : usersOfGroups.entrySet()) {
            for (final String user : names(group.getValue())) {
                if (!list.join(user, group.getKey())) {
                    throw new ConfigException(
                            "userlist '" + name + "': no such user '" + user + "' specified in group '"
                                    + group.getKey() + "'");
                }
            }
        }
    }
}
