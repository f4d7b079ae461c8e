package io.zitipekko.config;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.IdentityConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * A router's node file, read and checked as far as it can be before the router is enrolled (protocol/07 sections 10 to 14).
 *
 * @param file where it was read from
 * @param identity where its certificates are, or will be
 * @param csr subject and names to ask for
 * @param endpoints of its first controllers
 * @param endpointsFile where addresses announced by controllers are kept
 * @param warnings one line for each key that has no effect here
 */
public record RouterFile(
        Path file,
        IdentityConfig identity,
        RouterSettings.Csr csr,
        List<TransportAddress> endpoints,
        Path endpointsFile,
        List<String> warnings) {}
