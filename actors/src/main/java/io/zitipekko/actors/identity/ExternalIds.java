package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.transport.identity.CertificateNames;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The external id that a certificate of a third party's authority gives, as the authority's claim says. protocol/05 section 5.2. Pure. */
public final class ExternalIds {
    private static final int SAN_EMAIL = 1;
    private static final int SAN_URI = 6;

    private ExternalIds() {}

    /** Empty when the certificate gives none. */
    public static Optional<String> of(ExternalIdClaim claim, X509Certificate certificate) {
        List<String> parts = new ArrayList<>();
        Predicate<String> matches = matcher(claim);
        for (String value : values(claim.location(), certificate)) {
            if (matches.test(value)) {
                parts.addAll(parts(claim, value));
            }
        }
        return claim.index() < parts.size()
                ? Optional.of(parts.get(claim.index())).filter(id -> !id.isBlank())
                : Optional.empty();
    }

    private static List<String> values(ExternalIdClaim.Location location, X509Certificate certificate) {
        return switch (location) {
            case COMMON_NAME -> List.of(CertificateNames.commonName(certificate));
            case SAN_URI -> alternativeNames(SAN_URI, certificate);
            case SAN_EMAIL -> alternativeNames(SAN_EMAIL, certificate);
        };
    }

    private static List<String> alternativeNames(int type, X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            // Names that nobody can read name nobody.
            return List.of();
        }
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(type))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }

    private static Predicate<String> matcher(ExternalIdClaim claim) {
        String criteria = claim.matcherCriteria();
        return switch (claim.matcher()) {
            case ALL -> value -> true;
            case PREFIX -> value -> value.startsWith(criteria);
            case SUFFIX -> value -> value.endsWith(criteria);
            case SCHEME -> value -> criteria.equalsIgnoreCase(scheme(value));
        };
    }

    private static String scheme(String value) {
        try {
            String scheme = new URI(value).getScheme();
            return scheme == null ? "" : scheme;
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private static List<String> parts(ExternalIdClaim claim, String value) {
        return switch (claim.parser()) {
            case NONE -> List.of(value);
            case SPLIT ->
                claim.parserCriteria().isEmpty()
                        ? List.of(value)
                        : List.of(value.split(Pattern.quote(claim.parserCriteria()), -1));
        };
    }
}
