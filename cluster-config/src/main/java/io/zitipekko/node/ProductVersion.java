package io.zitipekko.node;

import io.zitipekko.transport.channel.VersionInfo;

/** What our nodes say of themselves. Peers choose features by the OpenZiti release that we are compatible with. */
public final class ProductVersion {
    /** The OpenZiti release whose wire and APIs we speak. */
    public static final String COMPATIBLE_WITH = "v2.1.0";

    public static final String OWN = "0.1.0";

    private ProductVersion() {}

    public static VersionInfo controller() {
        return own();
    }

    public static VersionInfo router() {
        return own();
    }

    private static VersionInfo own() {
        return new VersionInfo(COMPATIBLE_WITH, "ziti-pekko-" + OWN, "2026-11-22 00:00:00", "linux", "amd64");
    }
}
