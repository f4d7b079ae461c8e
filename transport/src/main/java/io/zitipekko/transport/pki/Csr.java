package io.zitipekko.transport.pki;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PemBlock;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.PKCSException;

/** A PKCS#10 certificate request whose self-signature holds (protocol/05 section 7.4). */
public final class Csr {
    private static final String PEM_TYPE = "CERTIFICATE REQUEST";
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final Map<ASN1ObjectIdentifier, String> KEY_ALGORITHMS = Map.of(
            PKCSObjectIdentifiers.rsaEncryption, "RSA",
            X9ObjectIdentifiers.id_ecPublicKey, "EC",
            EdECObjectIdentifiers.id_Ed25519, "Ed25519");

    private final PKCS10CertificationRequest request;
    private final PublicKey publicKey;
    private final AlternativeNames requestedNames;

    private Csr(PKCS10CertificationRequest request, PublicKey publicKey, AlternativeNames requestedNames) {
        this.request = request;
        this.publicKey = publicKey;
        this.requestedNames = requestedNames;
    }

    /**
     * Reads a text with exactly one PEM block {@code CERTIFICATE REQUEST} and verifies its self-signature. The key must be EC,
     * Ed25519, or RSA of 2048 to 8192 bits; the bound is checked before the signature, which costs more the longer the key.
     *
     * @throws InvalidCsrException saying which rule it breaks
     */
    public static Csr parse(String pem) throws InvalidCsrException {
        List<PemBlock> blocks = PemBlock.readAll(pem);
        if (blocks.size() != 1 || !PEM_TYPE.equals(blocks.get(0).type())) {
            throw new InvalidCsrException("expected exactly one PEM block " + PEM_TYPE + ", found " + blocks.size()
                    + (blocks.isEmpty()
                            ? ""
                            : ", first of kind " + blocks.get(0).type()));
        }
        byte[] der = blocks.get(0).der();
        if (der == null) {
            throw new InvalidCsrException("PEM block " + PEM_TYPE + " is not base64");
        }
        return parse(der);
    }

    /**
     * Reads the DER form; the same rules.
     *
     * @throws InvalidCsrException saying which rule it breaks
     */
    public static Csr parse(byte[] der) throws InvalidCsrException {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            PublicKey key = publicKey(request.getSubjectPublicKeyInfo());
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new InvalidCsrException("the request is not signed by its own key");
            }
            return new Csr(request, key, requestedNames(request));
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            // Bouncy Castle has runtime exceptions of many kinds for what a peer may write.
            throw new InvalidCsrException("the certificate request cannot be read: " + e.getMessage(), e);
        }
    }

    /** A new request, signed with its own key. */
    public static Csr create(X500Principal subject, AlternativeNames names, KeyPair keys) {
        try {
            PKCS10CertificationRequestBuilder builder = new PKCS10CertificationRequestBuilder(
                    X500Name.getInstance(subject.getEncoded()),
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            if (!names.isEmpty()) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(Extension.subjectAlternativeName, false, names.toAsn1());
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            PKCS10CertificationRequest request = builder.build(
                    new JcaContentSignerBuilder(SignatureAlgorithms.of(keys.getPrivate())).build(keys.getPrivate()));
            return new Csr(request, keys.getPublic(), names);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalArgumentException("no request can be made for " + subject, e);
        }
    }

    private static PublicKey publicKey(SubjectPublicKeyInfo info)
            throws InvalidCsrException, GeneralSecurityException, IOException {
        String algorithm = KEY_ALGORITHMS.get(info.getAlgorithm().getAlgorithm());
        if (algorithm == null) {
            throw new InvalidCsrException(
                    "the key's algorithm is " + info.getAlgorithm().getAlgorithm() + " (expected: EC, Ed25519 or RSA)");
        }
        PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        if (key instanceof RSAKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                throw new InvalidCsrException(
                        "the RSA key has " + bits + " bits (expected: " + MIN_RSA_BITS + ".." + MAX_RSA_BITS + ")");
            }
        }
        return key;
    }

    private static AlternativeNames requestedNames(PKCS10CertificationRequest request) {
        Extensions extensions = request.getRequestedExtensions();
        if (extensions == null) {
            return AlternativeNames.NONE;
        }
        GeneralNames names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names == null ? AlternativeNames.NONE : AlternativeNames.fromAsn1(names);
    }

    public X500Principal subject() {
        return CertificateSubject.principal(request.getSubject());
    }

    /** The CN of the subject, or empty text. */
    public String commonName() {
        return CertificateNames.commonName(request.getSubject());
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    /** The names asked for. Nobody is granted them by asking. */
    public AlternativeNames requestedNames() {
        return requestedNames;
    }

    /** The request as one PEM block. */
    public String pem() {
        try {
            return Pem.block(PEM_TYPE, request.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a request that was read has a DER form", e);
        }
    }

    @Override
    public String toString() {
        return "Csr[" + subject() + "]";
    }
}
