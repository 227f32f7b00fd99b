package io.netchannel.samples.haproxy.tls;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Certificates with their keys, as {@code crt} names them. */
final class KeyPairs {

    /** @param chain the certificate itself first */
    record KeyPair(PrivateKey key, X509Certificate[] chain) {
    }

    /** Beside a certificate, with its name before. */
    private static final Set<String> COMPANIONS = Set.of("key", "ocsp", "issuer", "sctl");

    private static final byte[] PROBE = {1};

    private KeyPairs() {
    }

    /** Of a file, or of all files of a directory in the order of their names. */
    static List<KeyPair> read(final String location) throws ConfigException {
        final Path path = Path.of(location);
        if (!Files.isDirectory(path)) {
            return List.of(file(path));
        }
        final List<Path> files;
        try (Stream<Path> inside = Files.list(path)) {
            files = inside.filter(Files::isRegularFile).filter(file -> !isCompanion(file)).sorted().toList();
        } catch (final IOException e) {
            throw new ConfigException("unable to scan directory '" + location + "' : " + e.getMessage() + ".", e);
        }
        final List<KeyPair> pairs = new ArrayList<>();
        for (final Path file : files) {
            pairs.add(file(file));
        }
        return pairs;
    }

    private static boolean isCompanion(final Path file) {
        final String name = file.getFileName().toString();
        return name.startsWith(".") || COMPANIONS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static KeyPair file(final Path file) throws ConfigException {
        final Pem pem = Pem.read(file);
        if (pem.certificates().isEmpty()) {
            throw new ConfigException("unable to load certificate from file '" + file + "'.");
        }
        PrivateKey key = pem.key();
        final Path beside = Path.of(file + ".key");
        if (key == null && Files.exists(beside)) {
            key = Pem.read(beside).key();
        }
        if (key == null) {
            throw new ConfigException("No Private Key found in '" + file + "' or '" + beside + "'.");
        }
        final X509Certificate own = pem.certificates().getFirst();
        if (!isOf(own.getPublicKey(), key)) {
            throw new ConfigException("inconsistencies between private key and certificate loaded '" + file + "'.");
        }
        return new KeyPair(key, pem.certificates().toArray(X509Certificate[]::new));
    }

    /** What the one signs the other verifies. */
    private static boolean isOf(final PublicKey certified, final PrivateKey key) {
        final String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return certified.getAlgorithm().equals(key.getAlgorithm());
        }
        try {
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            final byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (final GeneralSecurityException e) {
            return false;
        }
    }
}
