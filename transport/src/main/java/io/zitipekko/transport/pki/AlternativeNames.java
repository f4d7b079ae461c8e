package io.zitipekko.transport.pki;

import io.zitipekko.transport.identity.SpiffeId;
import java.util.ArrayList;
import java.util.List;

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
    }

    public static AlternativeNames of(SpiffeId id) {
        return NONE.with(id);
    }

    public static AlternativeNames hosts(List<String> dns, List<String> ips) {
        return new AlternativeNames(dns, ips, List.of(), List.of());
    }

    public AlternativeNames with(SpiffeId id) {
        List<String> more = new ArrayList<>(uris);
        more.add(id.toString());
        return new AlternativeNames(dns, ips, more, emails);
    }

    public boolean isEmpty() {
        return dns.isEmpty() && ips.isEmpty() && uris.isEmpty() && emails.isEmpty();
    }
}
