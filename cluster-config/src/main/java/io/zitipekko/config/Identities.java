package io.zitipekko.config;

import io.zitipekko.transport.identity.AltServerCert;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.IdentityConfig;
import io.zitipekko.transport.identity.InvalidIdentityException;
import java.util.List;

/** Reads identity blocks of node files (protocol/07 section 2). */
final class Identities {
    private Identities() {}

    static IdentityConfig read(Section s) {
        List<AltServerCert> alternatives = s.sections("alt_server_certs").stream()
                .map(a -> new AltServerCert(
                        a.requiredText("server_cert"), a.text("server_key").orElse(null)))
                .toList();
        return new IdentityConfig(
                s.text("cert").orElse(null),
                s.text("key").orElse(null),
                s.text("server_cert").orElse(null),
                s.text("server_key").orElse(null),
                s.text("ca").orElse(null),
                alternatives);
    }

    static Identity load(IdentityConfig config, String path) {
        try {
            return Identity.load(config);
        } catch (InvalidIdentityException e) {
            throw new ConfigException(path + ": " + e.getMessage(), e);
        }
    }

    /** @throws ConfigException when no certificate of a router names the host that it advertises */
    static void requireCovered(Identity identity, String host, String path) {
        if (!identity.coversHost(host)) {
            throw new ConfigException(path + ": '" + host
                    + "' (expected: a host that the router's certificate names; add it to csr.sans and enroll again)");
        }
    }
}
