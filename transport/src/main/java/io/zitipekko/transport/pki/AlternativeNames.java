package io.zitipekko.transport.pki;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.SpiffeId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * Subject alternative names to put into a certificate or found in a request.
 *
 * @param dns host names, wildcards allowed
 * @param ips textual IPv4 or IPv6 addresses
 * @param uris e.g. a SPIFFE id
 * @param emails mail addresses
 */
public record AlternativeNames(List<String> dns, List<String> ips, List<String> uris, List<String> emails) {
    public static final AlternativeNames NONE = new AlternativeNames(List.of(), List.of(), List.of(), List.of());

    public AlternativeNames {
        dns = List.copyOf(dns);
        ips = List.copyOf(ips);
        uris = List.copyOf(uris);
        emails = List.copyOf(emails);
        for (String ip : ips) {
            if (CertificateNames.literalAddress(ip) == null) {
                throw new IllegalArgumentException("ip '" + ip + "' (expected: an IPv4 or IPv6 address)");
            }
        }
    }

    /** Only a SPIFFE id. */
    public static AlternativeNames of(SpiffeId id) {
        return NONE.with(id);
    }

    /** Only host names and addresses. */
    public static AlternativeNames hosts(List<String> dns, List<String> ips) {
        return new AlternativeNames(dns, ips, List.of(), List.of());
    }

    /** These names and a SPIFFE id. */
    public AlternativeNames with(SpiffeId id) {
        List<String> more = new ArrayList<>(uris);
        more.add(id.toString());
        return new AlternativeNames(dns, ips, more, emails);
    }

    /** Without the names that claim an identity of ours: what may be granted to a router's own request. */
    public AlternativeNames withoutSpiffeIds() {
        return new AlternativeNames(
                dns,
                ips,
                uris.stream()
                        .filter(uri -> !uri.toLowerCase(java.util.Locale.ROOT).startsWith("spiffe:"))
                        .toList(),
                emails);
    }

    public boolean isEmpty() {
        return dns.isEmpty() && ips.isEmpty() && uris.isEmpty() && emails.isEmpty();
    }

    GeneralNames toAsn1() {
        List<GeneralName> names = new ArrayList<>();
        dns.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        ips.forEach(ip -> names.add(
                new GeneralName(GeneralName.iPAddress, new DEROctetString(CertificateNames.literalAddress(ip)))));
        uris.forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        emails.forEach(mail -> names.add(new GeneralName(GeneralName.rfc822Name, mail)));
        return new GeneralNames(names.toArray(new GeneralName[0]));
    }

    /** The names of the kinds known here; others are left out, nobody grants them. */
    static AlternativeNames fromAsn1(GeneralNames names) {
        List<String> dns = new ArrayList<>();
        List<String> ips = new ArrayList<>();
        List<String> uris = new ArrayList<>();
        List<String> emails = new ArrayList<>();
        for (GeneralName name : names.getNames()) {
            switch (name.getTagNo()) {
                case GeneralName.dNSName -> dns.add(name.getName().toString());
                case GeneralName.uniformResourceIdentifier ->
                    uris.add(name.getName().toString());
                case GeneralName.rfc822Name -> emails.add(name.getName().toString());
                case GeneralName.iPAddress ->
                    ips.add(address(ASN1OctetString.getInstance(name.getName()).getOctets()));
                default -> {}
            }
        }
        return new AlternativeNames(dns, ips, uris, emails);
    }

    private static String address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("IP alternative name of " + octets.length + " bytes", e);
        }
    }
}
