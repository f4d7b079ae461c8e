package io.zitipekko.transport.identity;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an identity block's {@code alt_server_certs}: server chains offered after {@code server_cert} (protocol/01
 * section 11).
 *
 * @param serverCert one or several chains, in any of the value forms of {@link IdentityConfig}
 * @param serverKey private key for all leaves in it; null means the identity's {@code key}
 */
public record AltServerCert(String serverCert, @Nullable String serverKey) {
    public AltServerCert {
        Objects.requireNonNull(serverCert, "serverCert");
    }

    @Override
    public String toString() {
        return "AltServerCert[serverKey=" + (serverKey == null ? "absent" : "hidden") + "]";
    }
}
