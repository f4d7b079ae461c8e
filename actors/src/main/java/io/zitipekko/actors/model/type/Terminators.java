package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.TerminatorId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configured terminators. protocol/06 section 6.6. */
public final class Terminators {
    public static final Key<Terminator> BY_SERVICE =
            new Key<>("service", terminator -> List.of(terminator.serviceId().value()));
    public static final Key<Terminator> BY_ROUTER =
            new Key<>("router", terminator -> List.of(terminator.routerId().value()));
    /** By the identity that hosts. */
    public static final Key<Terminator> BY_HOST = new Key<>(
            "hostId",
            terminator -> terminator.hostId() == null
                    ? List.of()
                    : List.of(terminator.hostId().value()));

    public static final EntityType<Terminator> TYPE = EntityType.named(
                    "terminators", Terminator.class, TerminatorId::new)
            .reference(Reference.cascadeGradually(BY_SERVICE, () -> Services.TYPE))
            .reference(Reference.cascadeGradually(BY_ROUTER, () -> EdgeRouters.TYPE))
            .reference(Reference.cascadeGradually(BY_HOST, () -> Identities.TYPE))
            .rules(Terminators::check)
            .build();

    private Terminators() {}

    private static void check(Terminator terminator, @Nullable Terminator before, Entities entities) {
        FieldRules.notBlank("binding", terminator.binding());
        FieldRules.notBlank("address", terminator.address());
        FieldRules.cost("cost", terminator.cost());
        if (before != null && !before.serviceId().equals(terminator.serviceId())) {
            throw FieldRules.invalid(
                    "service", terminator.serviceId(), "cannot be changed, it is '" + before.serviceId() + "'");
        }
    }
}
