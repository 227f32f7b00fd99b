package io.netchannel.samples.haproxy.tls;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file of certificates and keys has (RFC 7468). Keys are of PKCS #8 or older forms: PKCS #1 (RFC 8017, A.1.2) and SEC 1
 * (RFC 5915).
 *
 * @param key the first one; null if there is none
 */
record Pem(List<X509Certificate> certificates, PrivateKey key) {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final byte[] RSA = {0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d,
        0x01, 0x01, 0x01, 0x05, 0x00};
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final int MAX_BYTES = 16 << 20;

    static Pem read(final Path file) throws ConfigException {
        final String text;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException("'" + file + "' : " + Files.size(file) + " bytes > MAX=" + MAX_BYTES);
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (final IOException e) {
            throw new ConfigException("unable to load certificate from file '" + file + "': " + e.getMessage(), e);
        }
        final List<X509Certificate> certificates = new ArrayList<>();
        PrivateKey key = null;
        final Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            final String type = blocks.group(1);
            try {
                if (type.equals("CERTIFICATE") || type.equals("TRUSTED CERTIFICATE")) {
                    certificates.add(certificate(bytes(blocks.group(2))));
                } else if (type.endsWith("PRIVATE KEY") && key == null) {
                    key = key(type, bytes(blocks.group(2)));
                }
            } catch (final GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new ConfigException("unable to load " + (type.endsWith("KEY") ? "private key" : "certificate")
                        + " from file '" + file + "': " + e.getMessage() + ".", e);
            }
        }
        return new Pem(List.copyOf(certificates), key);
    }

    private static byte[] bytes(final String base64) {
        return Base64.getMimeDecoder().decode(base64.strip());
    }

    private static X509Certificate certificate(final byte[] der) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    }

    private static PrivateKey key(final String type, final byte[] der) throws GeneralSecurityException {
        return switch (type) {
            case "PRIVATE KEY" -> anyKey(der);
            case "RSA PRIVATE KEY" -> KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(
                    element(SEQUENCE, VERSION_0, RSA, element(OCTETS, der))));
            case "EC PRIVATE KEY" -> KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(
                    element(SEQUENCE, VERSION_0, element(SEQUENCE, EC, curve(der)), element(OCTETS, der))));
            default -> throw new GeneralSecurityException("a '" + type + "' can't be read");
        };
    }

    private static PrivateKey anyKey(final byte[] der) throws GeneralSecurityException {
        GeneralSecurityException failure = null;
        for (final String algorithm : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (final GeneralSecurityException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /** The curve's name in a key of RFC 5915: behind the version and the key proper, in [0]. */
    private static byte[] curve(final byte[] der) throws GeneralSecurityException {
        int at = content(der, 0);
        while (at < der.length && (der[at] & 0xff) != PARAMETERS) {
            at = content(der, at) + length(der, at);
        }
        if (at >= der.length) {
            throw new GeneralSecurityException("the key doesn't name its curve");
        }
        final int from = content(der, at);
        return Arrays.copyOfRange(der, from, from + length(der, at));
    }

    private static int content(final byte[] der, final int at) {
        final int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(final byte[] der, final int at) throws GeneralSecurityException {
        final int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = at + 2; i < content(der, at); i++) {
            length = length << 8 | der[i] & 0xff;
        }
        if (length < 0 || length > der.length) {
            throw new GeneralSecurityException("a length is beyond the key's end");
        }
        return length;
    }

    private static byte[] element(final int tag, final byte[]... parts) {
        int length = 0;
        for (final byte[] part : parts) {
            length += part.length;
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            out.write(0x83);
            out.write(length >> 16);
            out.write(length >> 8);
            out.write(length);
        }
        for (final byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
