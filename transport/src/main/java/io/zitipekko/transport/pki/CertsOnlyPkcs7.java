package io.zitipekko.transport.pki;

import io.zitipekko.transport.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.SignedData;
import org.bouncycastle.asn1.x509.Certificate;

/**
 * The degenerate PKCS#7 SignedData that carries certificates only: body of {@code /.well-known/est/cacerts} (protocol/05
 * section 7.2). Written as DER with the set sorted; read leniently as BER, because the reference does not sort.
 */
public final class CertsOnlyPkcs7 {
    private static final int LINE = 64;
    private static final int MAX_CERTIFICATES = 10_000;

    private CertsOnlyPkcs7() {}

    /**
     * The DER form.
     *
     * @throws IllegalArgumentException for an empty collection: an empty set makes some clients fail
     */
    public static byte[] encode(Collection<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("certificates: none (expected: at least one)");
        }
        try {
            List<ASN1Encodable> encoded = new ArrayList<>();
            for (X509Certificate certificate : certificates) {
                encoded.add(Certificate.getInstance(certificate.getEncoded()));
            }
            DERSet sorted = new DERSet(encoded.toArray(new ASN1Encodable[0]));
            DERSequence signedData = new DERSequence(new ASN1Encodable[] {
                new ASN1Integer(1),
                new DERSet(), // no digest algorithms
                new DERSequence(PKCSObjectIdentifiers.data),
                new DERTaggedObject(false, 0, sorted),
                new DERSet() // no signers
            });
            return new ContentInfo(PKCSObjectIdentifiers.signedData, signedData).getEncoded(ASN1Encoding.DER);
        } catch (CertificateEncodingException | IOException e) {
            throw new IllegalArgumentException("a certificate has no DER form", e);
        }
    }

    /** The HTTP body: base64 in lines of 64 characters, each ended by LF. */
    public static String encodeBase64(Collection<X509Certificate> certificates) {
        return Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(encode(certificates))
                + "\n";
    }

    /**
     * Reads certs-only SignedData in DER or BER.
     *
     * @throws IllegalArgumentException when the bytes are something else
     */
    public static List<X509Certificate> decode(byte[] ber) {
        try {
            ContentInfo content = ContentInfo.getInstance(ASN1Sequence.getInstance(ber));
            if (!PKCSObjectIdentifiers.signedData.equals(content.getContentType())) {
                throw new IllegalArgumentException("content type " + content.getContentType() + " (expected: "
                        + PKCSObjectIdentifiers.signedData + ", PKCS#7 SignedData)");
            }
            ASN1Set certificates = SignedData.getInstance(content.getContent()).getCertificates();
            List<X509Certificate> found = new ArrayList<>();
            if (certificates != null) {
                if (certificates.size() > MAX_CERTIFICATES) {
                    throw new IllegalArgumentException(
                            certificates.size() + " certificates (expected: at most " + MAX_CERTIFICATES + ")");
                }
                for (ASN1Encodable certificate : certificates) {
                    found.add(Pem.certificate(certificate.toASN1Primitive().getEncoded()));
                }
            }
            return found;
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("not a certs-only PKCS#7: " + e.getMessage(), e);
        }
    }

    /** Reads an HTTP body in base64, with or without line ends. */
    public static List<X509Certificate> decodeBase64(String text) {
        return decode(Base64.getMimeDecoder().decode(text));
    }
}
