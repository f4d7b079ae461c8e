package io.zitipekko.transport.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;

/** Reads names out of one certificate. Proves nothing about it. */
public final class CertificateNames {
    private static final Pattern LIKE_IPV6 = Pattern.compile("[0-9a-fA-F:.]+");
    private static final Pattern LIKE_IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private CertificateNames() {}

    /** The last CN of the subject, or empty text when there is none that can be read. */
    public static String commonName(X509Certificate certificate) {
        X500Name subject;
        try {
            subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        } catch (IllegalArgumentException e) {
            // The JDK reads more leniently than Bouncy Castle; such a name names nobody.
            return "";
        }
        return commonName(subject);
    }

    /** The last CN of a name, or empty text when there is none that can be read. */
    public static String commonName(X500Name name) {
        RDN[] found = name.getRDNs(BCStyle.CN);
        if (found.length == 0) {
            return "";
        }
        // Within one multi-valued RDN the attribute is picked by its type, the others are none of our business.
        for (var attribute : found[found.length - 1].getTypesAndValues()) {
            if (attribute.getType().equals(BCStyle.CN) && attribute.getValue() instanceof ASN1String text) {
                return readable(text);
            }
        }
        return "";
    }

    private static String readable(ASN1String text) {
        try {
            return text.getString();
        } catch (IllegalArgumentException notUtf8) {
            // A name that nobody can read names nobody.
            return "";
        }
    }

    /**
     * The certificate's SPIFFE id.
     *
     * @throws UntrustedPeerException when there are several {@code spiffe://} URI SANs, one is malformed, or the SANs cannot
     *     be read
     */
    public static Optional<SpiffeId> spiffeId(X509Certificate certificate) throws UntrustedPeerException {
        SpiffeId found = null;
        try {
            for (GeneralName name : alternativeNames(certificate)) {
                if (name.getTagNo() != GeneralName.uniformResourceIdentifier
                        || !SpiffeId.isClaimedBy(name.getName().toString())) {
                    continue;
                }
                if (found != null) {
                    throw new UntrustedPeerException("certificate " + certificate.getSubjectX500Principal()
                            + " has several SPIFFE ids (expected: at most one)");
                }
                found = SpiffeId.parse(name.getName().toString());
            }
        } catch (IllegalArgumentException e) {
            throw new UntrustedPeerException(
                    "alternative names of certificate " + certificate.getSubjectX500Principal() + ": " + e.getMessage(),
                    e);
        }
        return Optional.ofNullable(found);
    }

    /** DNS and IP SANs as text, in their order; none when the SANs cannot be read. */
    public static List<String> hosts(X509Certificate certificate) {
        List<String> hosts = new ArrayList<>();
        for (GeneralName name : readableNames(certificate)) {
            if (name.getTagNo() == GeneralName.dNSName) {
                hosts.add(name.getName().toString());
            } else if (name.getTagNo() == GeneralName.iPAddress) {
                InetAddress address =
                        address(ASN1OctetString.getInstance(name.getName()).getOctets());
                if (address != null) {
                    hosts.add(address.getHostAddress());
                }
            }
        }
        return hosts;
    }

    /**
     * Whether a SAN covers this host name or IP address: DNS names without regard to case, a wildcard for exactly one
     * left-most label, IP addresses by value. The CN never counts.
     */
    public static boolean covers(X509Certificate certificate, String host) {
        byte[] wantedAddress = literalAddress(host);
        for (GeneralName name : readableNames(certificate)) {
            if (wantedAddress != null && name.getTagNo() == GeneralName.iPAddress) {
                if (Arrays.equals(
                        wantedAddress,
                        ASN1OctetString.getInstance(name.getName()).getOctets())) {
                    return true;
                }
            } else if (wantedAddress == null && name.getTagNo() == GeneralName.dNSName) {
                if (dnsNameCovers(name.getName().toString(), host)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The bytes of a textual IP address, without asking any resolver; null for a host name. */
    public static byte @Nullable [] literalAddress(String host) {
        String text = host;
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        int zone = text.indexOf('%');
        if (zone >= 0) {
            text = text.substring(0, zone);
        }
        boolean looksV6 = text.indexOf(':') >= 0 && LIKE_IPV6.matcher(text).matches();
        boolean looksV4 = LIKE_IPV4.matcher(text).matches();
        if (!looksV4 && !looksV6) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress(); // a literal: parsed, never looked up
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }

    private static boolean dnsNameCovers(String pattern, String host) {
        String wanted = canonical(host);
        String offered = canonical(pattern);
        if (wanted.isEmpty() || offered.isEmpty()) {
            return false;
        }
        if (!offered.startsWith("*.")) {
            return offered.indexOf('*') < 0 && offered.equals(wanted);
        }
        int firstDot = wanted.indexOf('.');
        String rest = offered.substring(1);
        return firstDot > 0 && rest.indexOf('*') < 0 && rest.length() > 1 && rest.equals(wanted.substring(firstDot));
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static @Nullable InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            return null;
        }
    }

    /** For name matching unreadable SANs are no SANs: then nothing matches. */
    private static GeneralName[] readableNames(X509Certificate certificate) {
        try {
            return alternativeNames(certificate);
        } catch (IllegalArgumentException unreadable) {
            return new GeneralName[0];
        }
    }

    private static GeneralName[] alternativeNames(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
        if (extension == null) {
            return new GeneralName[0];
        }
        return GeneralNames.getInstance(ASN1OctetString.getInstance(extension).getOctets())
                .getNames();
    }
}
