package io.zitipekko.transport.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** PEM text to certificates and private keys, and back. Text before and between blocks is skipped. */
public final class Pem {
    /** How many certificates one text may hold: system bundles have some 150. */
    private static final int MAX_CERTIFICATES = 10_000;

    private static final Map<ASN1ObjectIdentifier, String> KEY_ALGORITHMS = Map.of(
            PKCSObjectIdentifiers.rsaEncryption, "RSA",
            X9ObjectIdentifiers.id_ecPublicKey, "EC",
            EdECObjectIdentifiers.id_Ed25519, "Ed25519");

    private Pem() {}

    /**
     * All certificates in a text; other blocks and unreadable certificates are skipped.
     *
     * @throws InvalidIdentityException when there is none
     */
    public static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> found = new ArrayList<>();
        for (PemBlock block : PemBlock.readAll(pem)) {
            byte[] der = block.der();
            if (!"CERTIFICATE".equals(block.type()) || der == null) {
                continue;
            }
            if (found.size() == MAX_CERTIFICATES) {
                throw new InvalidIdentityException("more than " + MAX_CERTIFICATES + " certificates in one PEM text");
            }
            readable(der).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            throw new InvalidIdentityException("no certificate found (expected: a PEM block CERTIFICATE)");
        }
        return found;
    }

    /** A bundle with one certificate that we cannot read still serves (protocol/01 section 11). */
    private static Optional<X509Certificate> readable(byte[] der) {
        try {
            return Optional.of(certificate(der));
        } catch (InvalidIdentityException skipped) {
            return Optional.empty();
        }
    }

    /**
     * The one certificate of a DER encoding.
     *
     * @throws InvalidIdentityException when it is not one
     */
    public static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new InvalidIdentityException("certificate of " + der.length + " bytes cannot be read", e);
        }
    }

    /**
     * The first private key in a text: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted.
     *
     * @throws InvalidIdentityException when there is none or its kind is not known; never carries key bytes
     */
    public static PrivateKey privateKey(String pem) {
        for (PemBlock block : PemBlock.readAll(pem)) {
            if (!block.type().endsWith("PRIVATE KEY")) {
                continue;
            }
            byte[] der = block.der();
            if (block.encrypted() || "ENCRYPTED PRIVATE KEY".equals(block.type())) {
                throw new InvalidIdentityException(
                        "private key is encrypted (expected: a key without a passphrase, e.g. from openssl pkey)");
            }
            if (der == null) {
                throw new InvalidIdentityException("PEM block " + block.type() + " is not base64");
            }
            return privateKey(block.type(), der);
        }
        throw new InvalidIdentityException(
                "no private key found (expected: a PEM block PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY)");
    }

    private static PrivateKey privateKey(String type, byte[] der) {
        try {
            PrivateKeyInfo info =
                    switch (type) {
                        case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(der);
                        case "RSA PRIVATE KEY" ->
                            new PrivateKeyInfo(
                                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                    RSAPrivateKey.getInstance(der));
                        case "EC PRIVATE KEY" -> ecKey(ECPrivateKey.getInstance(der));
                        default ->
                            throw new InvalidIdentityException("private key of kind '" + type
                                    + "' is not supported (expected: PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY)");
                    };
            ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
            String name = KEY_ALGORITHMS.get(algorithm);
            if (name == null) {
                throw new InvalidIdentityException(
                        "private key algorithm " + algorithm + " is not supported (expected: EC or RSA)");
            }
            return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (InvalidIdentityException e) {
            throw e;
        } catch (IOException | RuntimeException | GeneralSecurityException e) {
            // The cause could quote key bytes, so only its kind is told.
            throw new InvalidIdentityException(
                    "PEM block " + type + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static PrivateKeyInfo ecKey(ECPrivateKey key) throws IOException {
        ASN1Object curve = key.getParametersObject();
        if (curve == null) {
            throw new InvalidIdentityException(
                    "EC PRIVATE KEY does not name its curve (expected: a named curve, e.g. from openssl pkcs8 -topk8)");
        }
        return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
    }

    /** Certificates as PEM, one after the other. */
    public static String write(Collection<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new InvalidIdentityException("certificate has no DER form", e);
            }
        }
        return text.toString();
    }

    /** One certificate as PEM. */
    public static String write(X509Certificate certificate) {
        return write(List.of(certificate));
    }

    /** A private key as PKCS#8 PEM ({@code PRIVATE KEY}). */
    public static String write(PrivateKey key) {
        byte[] der = key.getEncoded();
        if (der == null) {
            throw new InvalidIdentityException("private key cannot be exported");
        }
        return block("PRIVATE KEY", der);
    }

    /** Any DER as a PEM block with lines of 64 characters, ended by LF. */
    public static String block(String type, byte[] der) {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + type + "-----\n" + encoder.encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
