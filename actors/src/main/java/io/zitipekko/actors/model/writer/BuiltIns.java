package io.zitipekko.actors.model.writer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.ConfigTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a new store holds (protocol/06 section 11): the default authentication policy and the config types that tunnelers know. */
public final class BuiltIns {
    /** Ids are fixed: scripts have them hard-coded. */
    private static final List<BuiltInConfigType> CONFIG_TYPES = List.of(
            new BuiltInConfigType("f2dd2df0-9c04-4b84-a91e-71437ac229f1", "ziti-tunneler-client.v1", "service"),
            new BuiltInConfigType("cea49285-6c07-42cf-9f52-09a9b115c783", "ziti-tunneler-server.v1", "service"),
            new BuiltInConfigType("g7cIWbcGg", "intercept.v1", "service"),
            new BuiltInConfigType("NH5p4FpGR", "host.v1", "service"),
            new BuiltInConfigType("host.v2", "host.v2", "service"),
            new BuiltInConfigType("interfaces.v1", "interfaces.v1", "service"),
            new BuiltInConfigType("proxy.v1", "proxy.v1", "service"),
            new BuiltInConfigType("router.link.v1", "router.link.v1", "router"));

    private BuiltIns() {}

    private record BuiltInConfigType(String id, String name, String target) {}

    /** The first proposal of every history. */
    public static Proposal proposal() {
        Instant now = Instant.now();
        Entity.Meta system = new Entity.Meta(now, now, Map.of(), true);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Put<>(
                AuthPolicies.TYPE,
                new AuthPolicy(AuthPolicies.DEFAULT, system, "Default", true, true, true, 5, 0, 0),
                null));
        for (BuiltInConfigType type : CONFIG_TYPES) {
            changes.add(new Change.Put<>(
                    ConfigTypes.TYPE,
                    new ConfigType(
                            new ConfigTypeId(type.id()), system, type.name(), type.target(), schema(type.name())),
                    null));
        }
        return new Proposal(changes, Proposal.Author.CONTROLLER);
    }

    private static JsonNode schema(String name) {
        String resource = "config-types/" + name + ".json";
        try (InputStream in = BuiltIns.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the distribution");
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
