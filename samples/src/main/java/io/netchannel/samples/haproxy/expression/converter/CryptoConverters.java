package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Base64Text;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import io.netchannel.samples.haproxy.expression.pattern.Ascii;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Converters of cryptography, by the JDK's providers. */
final class CryptoConverters {

    /** OpenSSL's names, in lower case, of what the JDK has too. */
    private static final Map<String, String> DIGESTS = Map.ofEntries(Map.entry("md5", "MD5"),
            Map.entry("sha1", "SHA-1"),
            Map.entry("sha224", "SHA-224"), Map.entry("sha256", "SHA-256"), Map.entry("sha384", "SHA-384"),
            Map.entry("sha512", "SHA-512"), Map.entry("sha512-224", "SHA-512/224"),
            Map.entry("sha512-256", "SHA-512/256"),
            Map.entry("sha3-224", "SHA3-224"), Map.entry("sha3-256", "SHA3-256"), Map.entry("sha3-384", "SHA3-384"),
            Map.entry("sha3-512", "SHA3-512"));

    /** A key, decoded from base 64. */
    @FunctionalInterface
    private interface Key {

        /** @return null if a variable isn't set or holds no base 64 */
        byte[] get(Evaluation evaluation);
    }

    private CryptoConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.add("sha1", Signature.NONE, Type.BIN, Type.BIN, (args, place) -> digest("SHA-1"));
        table.add("sha2", Signature.of(0, ArgType.SINT), Type.BIN, Type.BIN, (args, place) -> {
            final long bits = args.number(0, 256);
            if (bits != 224 && bits != 256 && bits != 384 && bits != 512) {
                throw new ConfigException("Unsupported number of bits: '" + bits + "'");
            }
            return digest("SHA-" + bits);
        });
        table.add("digest", ConverterTable.ONE_STRING, Type.BIN, Type.BIN, (args, place) -> digest(algorithm(args)));
        table.add("hmac", Signature.of(2, ArgType.STR, ArgType.STR), Type.BIN, Type.BIN, (args, place) -> hmac(args));
        table.add("aes_gcm_dec", Signature.of(4, ArgType.SINT, ArgType.STR, ArgType.STR, ArgType.STR), Type.BIN,
                Type.BIN,
                (args, place) -> decrypt(args));
        table.add("secure_memcmp", ConverterTable.ONE_STRING, Type.BIN, Type.BOOL, (args, place) -> {
            if (args.text(0).isEmpty()) {
                throw new ConfigException("missing variable name");
            }
            final VariableName variable = ConverterTable.variable(args, 0);
            return (input, evaluation) -> input instanceof Value.Bin(byte[] bytes)
                    && Casts.cast(variable.get(evaluation.context()), Type.BIN) instanceof Value.Bin(byte[] other)
                            ? Casts.bool(MessageDigest.isEqual(bytes, other))
                            : null;
        });
    }

    private static String algorithm(final Args args) throws ConfigException {
        final String name = DIGESTS.get(Ascii.lower(args.text(0)));
        if (name == null) {
            throw new ConfigException("algorithm must be a valid OpenSSL message digest name.");
        }
        return name;
    }

    private static Converter.Conversion digest(final String algorithm) {
        return ConverterTable.bytewise(bytes -> new Value.Bin(hash(algorithm, bytes)));
    }

    static byte[] hash(final String algorithm, final byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Converter.Conversion hmac(final Args args) throws ConfigException {
        final String algorithm = "Hmac" + algorithm(args).replace("SHA-", "SHA");
        final Key key = key(args, 1, "key");
        return (input, evaluation) -> {
            final byte[] secret = key.get(evaluation);
            if (secret == null || !(input instanceof Value.Bin(byte[] bytes))) {
                return null;
            }
            final byte[] code = hmac(algorithm, secret, bytes);
            return code == null ? null : new Value.Bin(code);
        };
    }

    /** @return null if the algorithm has no HMAC */
    static byte[] hmac(final String algorithm, final byte[] secret, final byte[] bytes) {
        try {
            final Mac mac = Mac.getInstance(algorithm);
            // An empty key is one of zeros, which is how HMAC pads it (RFC 2104).
            mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, algorithm));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static Key key(final Args args, final int index, final String what) throws ConfigException {
        final VariableName variable = VariableName.orNull(args.text(index));
        if (variable != null) {
            return evaluation -> {
                final String text = Casts.string(variable.get(evaluation.context()));
                return text == null ? null : Base64Text.decode(text);
            };
        }
        final byte[] decoded = Base64Text.decode(args.text(index));
        if (decoded == null) {
            throw new ConfigException("failed to parse " + what
                    + " : argument needs to be base64 encoded, and can either be a string or a variable");
        }
        return _ -> decoded;
    }

    private static Converter.Conversion decrypt(final Args args) throws ConfigException {
        final long bits = args.number(0);
        if (bits != 128 && bits != 192 && bits != 256) {
            throw new ConfigException("key size must be 128, 192 or 256 (bits).");
        }
        final Key nonce = key(args, 1, "nonce");
        final Key secret = key(args, 2, "key");
        final Key tag = key(args, 3, "aead_tag");
        return (input, evaluation) -> input instanceof Value.Bin(byte[] bytes)
                ? decrypt(bytes, nonce.get(evaluation), secret.get(evaluation), tag.get(evaluation), bits / 8)
                : null;
    }

    private static Value decrypt(final byte[] bytes, final byte[] nonce, final byte[] secret, final byte[] tag,
            final long keyBytes) {
        if (nonce == null || secret == null || tag == null || secret.length < keyBytes) {
            return null;
        }
        try {
            final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(secret, 0, (int) keyBytes, "AES"),
                    new GCMParameterSpec(tag.length * 8, nonce));
            cipher.update(bytes);
            return new Value.Bin(cipher.doFinal(tag));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }
}
