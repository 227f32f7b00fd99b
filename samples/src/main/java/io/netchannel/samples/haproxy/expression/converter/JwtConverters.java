package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Base64Text;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Converters of JSON Web Tokens (RFC 7519, RFC 7515). */
final class JwtConverters {

    private static final List<String> ALGORITHMS = List.of("none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512",
            "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

    private static final int VALID = 1;
    private static final int WRONG = 0;
    private static final int UNKNOWN_ALGORITHM = -1;
    private static final int UNMANAGED_ALGORITHM = -2;
    private static final int INVALID_TOKEN = -3;
    private static final int UNKNOWN_KEY = -5;

    private JwtConverters() {
    }

    static void addTo(final ConverterTable table) {
        part(table, "jwt_header_query", 0);
        part(table, "jwt_payload_query", 1);
        table.add("jwt_verify", Signature.of(2, ArgType.STR, ArgType.STR), Type.BIN,
                Type.SINT, (args, place) -> verify(args));
    }

    private static void part(final ConverterTable table, final String name, final int index) {
        table.add(name, Signature.of(0, ArgType.STR, ArgType.STR), Type.BIN,
                Type.ANY, (args, place) -> {
                    final String path = args.has(0) ? args.text(0) : null;
                    final boolean integer = JsonConverters.isInteger(args);
                    return ConverterTable.bytewise(bytes -> {
                        final String[] parts = Casts.text(bytes).split("\\.", -1);
                        final byte[] decoded = index < parts.length ? Base64Text.decodeUrl(parts[index]) : null;
                        if (decoded == null) {
                            return null;
                        }
                        final String json = Casts.text(decoded);
                        return path == null ? new Value.Str(json) : JsonConverters.query(json, path, integer);
                    });
                });
    }

    private static Converter.Conversion verify(final Args args) throws ConfigException {
        final Map<String, PublicKey> keys = new HashMap<>();
        if (VariableName.orNull(args.text(0)) == null) {
            if (!ALGORITHMS.contains(args.text(0))) {
                throw new ConfigException("unknown JWT algorithm: " + args.text(0));
            }
            if (args.text(0).startsWith("PS")) {
                throw new ConfigException("RSASSA-PSS JWS signing not managed yet");
            }
        }
        if (VariableName.orNull(args.text(1)) == null) {
            final PublicKey key = load(args.text(1));
            if (key != null) {
                keys.put(args.text(1), key);
            }
        }
        final ConverterTable.Operand algorithm = ConverterTable.operand(args.text(0));
        final ConverterTable.Operand key = ConverterTable.operand(args.text(1));
        return (input, evaluation) -> {
            final String name = Casts.string(algorithm.get(evaluation));
            final String secret = Casts.string(key.get(evaluation));
            return name == null || secret == null || !(input instanceof Value.Bin(byte[] token))
                    ? null
                    : new Value.Int(verify(Casts.text(token), name, secret, keys));
        };
    }

    private static int verify(final String token, final String algorithm, final String secret,
            final Map<String, PublicKey> keys) {
        if (!ALGORITHMS.contains(algorithm)) {
            return UNKNOWN_ALGORITHM;
        }
        final String[] parts = token.split("\\.", -1);
        final boolean unsigned = algorithm.equals("none");
        if (parts.length != 3 && !(unsigned && parts.length == 2)) {
            return INVALID_TOKEN;
        }
        final String signature = parts.length == 3 ? parts[2] : "";
        if (unsigned) {
            return signature.isEmpty() ? VALID : WRONG;
        }
        final byte[] decoded = signature.isEmpty() ? null : Base64Text.decodeUrl(signature);
        if (decoded == null) {
            return INVALID_TOKEN;
        }
        final byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.ISO_8859_1);
        final String hash = "SHA" + algorithm.substring(2);
        if (algorithm.startsWith("HS")) {
            final byte[] code = CryptoConverters.hmac("Hmac" + hash, Casts.bytes(secret), signed);
            return MessageDigest.isEqual(code, decoded) ? VALID : WRONG;
        }
        if (algorithm.startsWith("PS")) {
            return UNMANAGED_ALGORITHM;
        }
        final PublicKey key = keys.get(secret);
        return key == null
                ? UNKNOWN_KEY
                : verify(hash + (algorithm.startsWith("RS") ? "withRSA" : "withECDSAinP1363Format"), key, signed,
                        decoded);
    }

    private static int verify(final String algorithm, final PublicKey key, final byte[] signed,
            final byte[] signature) {
        try {
            final java.security.Signature verifier = java.security.Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature) ? VALID : WRONG;
        } catch (GeneralSecurityException e) {
            return WRONG;
        }
    }

    /** A PEM file of a public key; what can't be read is unknown later, as secrets for HMAC stand in the same place. */
    private static PublicKey load(final String file) {
        try {
            final String pem = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
            final String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            final X509EncodedKeySpec spec = new X509EncodedKeySpec(Base64.getDecoder().decode(body));
            for (final String algorithm : new String[]{"RSA", "EC"}) {
                final PublicKey key = generate(algorithm, spec);
                if (key != null) {
                    return key;
                }
            }
            return null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static PublicKey generate(final String algorithm, final X509EncodedKeySpec spec) {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(spec);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }
}
