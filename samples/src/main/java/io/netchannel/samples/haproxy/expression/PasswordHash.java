package io.netchannel.samples.haproxy.expression;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** crypt(3) by its methods {@code $1$} (MD5), {@code $5$} (SHA-256) and {@code $6$} (SHA-512); not DES. */
final class PasswordHash {

    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int DEFAULT_ROUNDS = 5000;
    private static final int MIN_ROUNDS = 1000;
    private static final int MAX_ROUNDS = 999_999_999;
    private static final int MD5_ROUNDS = 1000;
    /** As libxcrypt has it: the work grows with the square of a password's length, which is the client's to choose. */
    private static final int MAX_PASSWORD_BYTES = 511;

    private PasswordHash() {
    }

    static boolean isSupported(final String stored) {
        return stored.startsWith("$1$") || stored.startsWith("$5$") || stored.startsWith("$6$");
    }

    static boolean matches(final String password, final String stored) {
        if (password.length() > MAX_PASSWORD_BYTES) {
            return false;
        }
        final String computed = hash(Casts.bytes(password), stored);
        return computed != null && MessageDigest.isEqual(Casts.bytes(computed), Casts.bytes(stored));
    }

    /** @param setting method and salt, with or without a hash behind them; null if the method isn't known */
    static String hash(final byte[] password, final String setting) {
        if (!isSupported(setting)) {
            return null;
        }
        String rest = setting.substring(3);
        final boolean md5 = setting.startsWith("$1$");
        int rounds = DEFAULT_ROUNDS;
        String prefix = setting.substring(0, 3);
        if (!md5 && rest.startsWith("rounds=") && rest.indexOf('$') > 0) {
            final long given = Numbers.leading(rest.substring(7));
            rounds = (int) Math.max(MIN_ROUNDS, Math.min(MAX_ROUNDS, given));
            prefix += "rounds=" + rounds + "$";
            rest = rest.substring(rest.indexOf('$') + 1);
        }
        final int dollar = rest.indexOf('$');
        final String text = rest.substring(0, Math.min(dollar < 0 ? rest.length() : dollar, md5 ? 8 : 16));
        final byte[] salt = Casts.bytes(text);
        return prefix + text + "$"
                + (md5 ? md5(password, salt) : sha(password, salt, rounds, setting.charAt(1) == '6'));
    }

    private static MessageDigest digest(final String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code length} bytes of {@code block}, over and over. */
    private static byte[] repeated(final byte[] block, final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = block[i % block.length];
        }
        return bytes;
    }

    private static String sha(final byte[] password, final byte[] salt, final int rounds, final boolean long512) {
        final MessageDigest digest = digest(long512 ? "SHA-512" : "SHA-256");
        digest.update(password);
        digest.update(salt);
        final byte[] other = digest.digest(password);
        digest.update(password);
        digest.update(salt);
        digest.update(repeated(other, password.length));
        for (int i = password.length; i > 0; i >>= 1) {
            digest.update((i & 1) != 0 ? other : password);
        }
        byte[] state = digest.digest();
        for (int i = 0; i < password.length; i++) {
            digest.update(password);
        }
        final byte[] p = repeated(digest.digest(), password.length);
        for (int i = 0; i < 16 + (state[0] & 255); i++) {
            digest.update(salt);
        }
        final byte[] s = repeated(digest.digest(), salt.length);
        for (int i = 0; i < rounds; i++) {
            state = round(digest, state, i, p, s);
        }
        return long512 ? encode512(state) : encode256(state);
    }

    private static byte[] round(final MessageDigest digest, final byte[] state, final int i, final byte[] password,
            final byte[] salt) {
        digest.update((i & 1) != 0 ? password : state);
        if (i % 3 != 0) {
            digest.update(salt);
        }
        if (i % 7 != 0) {
            digest.update(password);
        }
        return digest.digest((i & 1) != 0 ? state : password);
    }

    private static String md5(final byte[] password, final byte[] salt) {
        final MessageDigest digest = digest("MD5");
        digest.update(password);
        digest.update(salt);
        final byte[] other = digest.digest(password);
        final ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(password);
        first.writeBytes(Casts.bytes("$1$"));
        first.writeBytes(salt);
        first.writeBytes(repeated(other, password.length));
        for (int i = password.length; i > 0; i >>= 1) {
            first.write((i & 1) != 0 ? 0 : password[0]);
        }
        byte[] state = digest.digest(first.toByteArray());
        for (int i = 0; i < MD5_ROUNDS; i++) {
            state = round(digest, state, i, password, salt);
        }
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            append(out, state[i], state[i + 6], state[i == 4 ? 5 : i + 12], 4);
        }
        append(out, 0, 0, state[11], 2);
        return out.toString();
    }

    private static String encode512(final byte[] h) {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            final byte[] turn = {h[i], h[i + 21], h[i + 42]};
            append(out, turn[i % 3], turn[(i + 1) % 3], turn[(i + 2) % 3], 4);
        }
        append(out, 0, 0, h[63], 2);
        return out.toString();
    }

    private static String encode256(final byte[] h) {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            final byte[] turn = {h[i], h[i + 10], h[i + 20]};
            append(out, turn[(3 - i % 3) % 3], turn[(4 - i % 3) % 3], turn[(5 - i % 3) % 3], 4);
        }
        append(out, 0, h[31], h[30], 3);
        return out.toString();
    }

    private static void append(final StringBuilder out, final int high, final int middle, final int low,
            final int chars) {
        int word = (high & 255) << 16 | (middle & 255) << 8 | low & 255;
        for (int i = 0; i < chars; i++) {
            out.append(ALPHABET.charAt(word & 63));
            word >>= 6;
        }
    }
}
