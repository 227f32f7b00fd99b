package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserListTest {

    private static void section(final Places places, final String... lines) throws ConfigException {
        final UserListSection section = new UserListSection();
        section.begin(new Line("t.cfg", 1, List.of("userlist", "people")), places.context);
        for (final String line : lines) {
            section.line(new Line("t.cfg", 2, List.of(line.split(" "))), places.context);
        }
        section.end(places.context);
    }

    private static FakeContext request(final String credentials) {
        final String encoded = java.util.Base64.getEncoder().encodeToString(Casts.bytes(credentials));
        return new FakeContext().request("GET / HTTP/1.1\nHost: h\nAuthorization: Basic " + encoded + "\n\n");
    }

    @Test
    void shouldHashAsCryptDoes() {
        final byte[] password = Casts.bytes("pass");
        assertEquals("$1$saltsalt$hZR.9zfJXcVTsa9iTxnQR1", PasswordHash.hash(password, "$1$saltsalt$"));
        assertEquals("$5$saltsalt$9k0iflfLhuazVMAUTm0egnVlpP5ays5xBLqSJuoPfB9",
                PasswordHash.hash(password, "$5$saltsalt$"));
        assertEquals(
                "$6$saltsalt$KN.twvCyfwE67paW76hS2/bacYkY9PxIhxqYG9vL5bZmIwWBGDJ6mu4HlCosKUBfQwVXKXxXVXPcqdwd1Ip0X/",
                PasswordHash.hash(password, "$6$saltsalt$"));
        assertNull(PasswordHash.hash(password, "ab"));
    }

    @Test
    void shouldNotHashPasswordsLongerThanCryptTakes() {
        final String longest = "p".repeat(511);
        assertTrue(PasswordHash.matches(longest, PasswordHash.hash(Casts.bytes(longest), "$5$salt")));
        final String longer = longest + "p";
        assertFalse(PasswordHash.matches(longer, PasswordHash.hash(Casts.bytes(longer), "$5$salt")));
    }

    @Test
    void shouldAcceptUsersAndKnowTheirGroups() throws ConfigException {
        final Places places = Places.http();
        section(places, "group admins users joe", "group readers", "user joe insecure-password secret groups readers",
                "user ann password $5$saltsalt$9k0iflfLhuazVMAUTm0egnVlpP5ays5xBLqSJuoPfB9");
        final Expression auth = Expression.parse("http_auth(people)", places.place);
        assertEquals(Casts.bool(true), auth.evaluate(request("joe:secret")));
        assertEquals(Casts.bool(false), auth.evaluate(request("joe:wrong")));
        assertEquals(Casts.bool(true), auth.evaluate(request("ann:pass")));
        assertEquals(Casts.bool(false), auth.evaluate(request("nobody:")));
        assertNull(auth.evaluate(new FakeContext().request("GET / HTTP/1.1\n\n")));
        assertEquals("joe",
                Expression.parse("http_auth_group(people)", places.place).evaluateText(request("joe:secret")));
        final Condition readers = Condition.parse(List.of("if", "{", "http_auth_group(people)", "readers", "}"), 0,
                places.place);
        assertTrue(readers.holds(request("joe:secret")));
        assertFalse(readers.holds(request("ann:pass")));
        assertEquals(List.of(), places.messages());
    }

    @Test
    void shouldTellWhatIsWrong() {
        assertEquals(
                List.of("parsing [t.cfg:4]: ignoring duplicated group 'a' in userlist 'people'.",
                        "parsing [t.cfg:5]: the encrypted password used for user 'x' is not supported by crypt(3).",
                        "parsing [t.cfg:6]: 'user' only supports 'password', 'insecure-password' and 'groups' options.",
                        "parsing [t.cfg:7]: unknown keyword 'foo' in 'users' section",
                        "parsing [t.cfg:8]: 'user' expects <name> as arguments.",
                        "parsing [t.cfg:9]: character '!' is not permitted in 'group' name '!'."),
                Reading.of("userlist people", " group b", " group a", " group a", " user x password plain",
                        " user y foo",
                        " foo", " user", " group !"));
        assertEquals(List.of("userlist 'u': no such group 'g' specified in user 'x'"),
                Reading.of("userlist u", " user x insecure-password p groups g"));
        assertEquals(List.of("userlist 'u': no such user 'y' specified in group 'g'"),
                Reading.of("userlist u", " group g users y"));
    }
}
