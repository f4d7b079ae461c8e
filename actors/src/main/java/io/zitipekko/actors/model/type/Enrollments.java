package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.id.EnrollmentId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enrollments. protocol/06 section 6.10. */
public final class Enrollments {
    public static final Key<Enrollment> BY_TOKEN = new Key<>("token", enrollment -> List.of(enrollment.token()));
    public static final Key<Enrollment> BY_IDENTITY = new Key<>(
            "identityId",
            enrollment -> enrollment.identityId() == null
                    ? List.of()
                    : List.of(enrollment.identityId().value()));
    public static final Key<Enrollment> BY_ROUTER = new Key<>(
            "edgeRouterId",
            enrollment -> enrollment.routerId() == null
                    ? List.of()
                    : List.of(enrollment.routerId().value()));

    public static final Key<Enrollment> BY_CA = new Key<>(
            "caId",
            enrollment -> enrollment.caId() == null
                    ? List.of()
                    : List.of(enrollment.caId().value()));

    public static final EntityType<Enrollment> TYPE = EntityType.named(
                    "enrollments", Enrollment.class, EnrollmentId::new)
            .unique(BY_TOKEN)
            .reference(Reference.cascade(BY_IDENTITY, () -> Identities.TYPE))
            .reference(Reference.cascade(BY_ROUTER, () -> EdgeRouters.TYPE))
            .reference(Reference.cascadeGradually(BY_CA, () -> Cas.TYPE))
            .rules(Enrollments::check)
            .build();

    private static final Set<String> IDENTITY_METHODS = Set.of("ott", "ottca", "updb");
    private static final Set<String> ROUTER_METHODS = Set.of("erott", "trott");

    private Enrollments() {}

    private static void check(Enrollment enrollment, @Nullable Enrollment before, Entities entities) {
        FieldRules.notBlank("token", enrollment.token());
        boolean forIdentity = IDENTITY_METHODS.contains(enrollment.method());
        if (!forIdentity && !ROUTER_METHODS.contains(enrollment.method())) {
            throw FieldRules.invalid("method", enrollment.method(), "expected ott, ottca, updb, erott or trott");
        }
        if (forIdentity != (enrollment.identityId() != null) || forIdentity == (enrollment.routerId() != null)) {
            throw FieldRules.invalid(
                    forIdentity ? "identityId" : "edgeRouterId",
                    forIdentity ? enrollment.identityId() : enrollment.routerId(),
                    "method '" + enrollment.method() + "' enrolls exactly one "
                            + (forIdentity ? "identity" : "router"));
        }
        if (enrollment.method().equals("ottca") != (enrollment.caId() != null)) {
            throw FieldRules.invalid("caId", enrollment.caId(), "belongs to method 'ottca' and only to it");
        }
        if (enrollment.method().equals("updb")) {
            FieldRules.notBlank("username", enrollment.username());
        }
        List<Enrollment> others = enrollment.identityId() != null
                ? entities.findAll(TYPE, BY_IDENTITY, enrollment.identityId().value())
                : enrollment.routerId() != null
                        ? entities.findAll(
                                TYPE, BY_ROUTER, enrollment.routerId().value())
                        : List.of();
        for (Enrollment other : others) {
            if (!other.id().equals(enrollment.id())
                    && other.method().equals(enrollment.method())
                    && !leftOver(other, entities)) {
                throw new ModelException(
                        Kind.NOT_UNIQUE,
                        "an enrollment of method '" + enrollment.method() + "' exists already: '" + other.id() + "'",
                        "method",
                        enrollment.method());
            }
        }
    }

    /** Of an authority that is gone: it counts for nothing, and its removal is on its way. */
    private static boolean leftOver(Enrollment enrollment, Entities entities) {
        return enrollment.caId() != null
                && entities.get(Cas.TYPE, enrollment.caId()).isEmpty();
    }
}
