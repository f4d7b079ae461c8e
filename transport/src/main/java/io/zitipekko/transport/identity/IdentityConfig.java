package io.zitipekko.transport.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An identity block as it stands in a configuration file or in an SDK's identity JSON (protocol/01 section 11, protocol/07
 * section 2). Every value is text in one of these forms: {@code pem:} followed by PEM, text that starts {@code -----BEGIN},
 * {@code file:path}, {@code file:///absolute/path}, or a plain path.
 *
 * @param cert client chain, leaf first
 * @param key private key for {@code cert}
 * @param serverCert one or several server chains
 * @param serverKey private key for {@code serverCert}; null means {@code key}
 * @param ca bundle of trust anchors; null means that peers cannot be verified and that dialing trusts the system's roots
 * @param altServerCerts further server chains, offered after {@code serverCert}
 */
public record IdentityConfig(
        @Nullable String cert,
        @Nullable String key,
        @Nullable String serverCert,
        @Nullable String serverKey,
        @Nullable String ca,
        List<AltServerCert> altServerCerts) {
    public IdentityConfig {
        altServerCerts = List.copyOf(altServerCerts);
    }

    /** What a client needs: a chain, its key, and whom to trust. */
    public static IdentityConfig client(String cert, String key, @Nullable String ca) {
        return new IdentityConfig(cert, key, null, null, ca, List.of());
    }

    /**
     * The controller's rule: where both {@code serverCert} and {@code serverKey} are absent, {@code cert} and {@code key}
     * serve as both. A router has no such fallback.
     */
    public IdentityConfig withClientCertAsServerCert() {
        if (serverCert != null || serverKey != null) {
            return this;
        }
        return new IdentityConfig(cert, key, cert, key, ca, altServerCerts);
    }

    /** Says which values are present and never what they hold: any of them may be an inline private key. */
    @Override
    public String toString() {
        return "IdentityConfig[cert=" + presence(cert) + ", key=" + presence(key) + ", serverCert="
                + presence(serverCert) + ", serverKey=" + presence(serverKey) + ", ca=" + presence(ca)
                + ", altServerCerts=" + altServerCerts.size() + "]";
    }

    private static String presence(@Nullable String value) {
        return value == null ? "absent" : "hidden";
    }
}
