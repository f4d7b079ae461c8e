package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.RouterId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Edge routers. protocol/06 section 6.4. */
public final class EdgeRouters {
    public static final Key<EdgeRouter> BY_NAME = new Key<>("name", router -> FieldRules.optional(router.name()));
    /** By the certificate in force, and by one that a renewal has not proved yet. */
    public static final Key<EdgeRouter> BY_FINGERPRINT = new Key<>("fingerprint", EdgeRouters::fingerprints);

    public static final Key<EdgeRouter> BY_CONFIG = new Key<>(
            "configs", router -> router.configs().stream().map(ConfigId::value).toList());
    public static final Key<EdgeRouter> BY_ROLE_ATTRIBUTE =
            new Key<>("roleAttributes", router -> List.copyOf(router.roleAttributes()));

    public static final EntityType<EdgeRouter> TYPE = EntityType.named("edge-routers", EdgeRouter.class, RouterId::new)
            .unique(BY_NAME)
            .unique(BY_FINGERPRINT)
            .key(BY_ROLE_ATTRIBUTE)
            .reference(Reference.clean(BY_CONFIG, () -> Configs.TYPE, EdgeRouters::withoutConfig))
            .rules(new EdgeRouterRules())
            .build();

    private EdgeRouters() {}

    private static List<String> fingerprints(EdgeRouter router) {
        List<String> fingerprints = new ArrayList<>(2);
        if (router.fingerprint() != null) {
            fingerprints.add(router.fingerprint().hex());
        }
        if (router.unverifiedFingerprint() != null
                && !router.unverifiedFingerprint().equals(router.fingerprint())) {
            fingerprints.add(router.unverifiedFingerprint().hex());
        }
        return fingerprints;
    }

    private static EdgeRouter withoutConfig(EdgeRouter router, EntityId config) {
        return new EdgeRouter(
                router.id(),
                router.meta(),
                router.name(),
                router.roleAttributes(),
                router.tunnelerEnabled(),
                router.cost(),
                router.noTraversal(),
                router.disabled(),
                router.appData(),
                router.configs().stream().filter(id -> !id.equals(config)).toList(),
                router.ctrlChanListeners(),
                router.verified(),
                router.fingerprint(),
                router.certPem(),
                router.unverifiedFingerprint(),
                router.unverifiedCertPem());
    }

    private static final class EdgeRouterRules implements EntityType.Rules<EdgeRouter> {
        @Override
        public void check(EdgeRouter router, @Nullable EdgeRouter before, Entities entities) {
            FieldRules.name(router.name());
            FieldRules.attributes("roleAttributes", router.roleAttributes());
            FieldRules.cost("cost", router.cost());
            Configs.checkAttached(router.configs(), "router", entities);
        }

        @Override
        public List<Change> onPut(EdgeRouter router, @Nullable EdgeRouter before, Entities entities) {
            return router.tunnelerEnabled()
                    ? RouterTwin.present(router, entities)
                    : RouterTwin.absent(router, entities);
        }

        @Override
        public List<Change> onDelete(EdgeRouter router, Entities entities) {
            return RouterTwin.absent(router, entities);
        }
    }
}
