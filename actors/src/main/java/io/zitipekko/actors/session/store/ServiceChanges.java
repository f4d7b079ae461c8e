package io.zitipekko.actors.session.store;

import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.Services;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When what an identity sees of services last changed: SDKs poll it and reload only then (protocol/05 section 8.6). Found by comparing what it
 * sees now with what it saw when it last asked, and only if the model has changed at all; the answer never goes back. Thread-safe.
 */
public final class ServiceChanges {
    private final Model model;
    private final InstantSource clock;
    private final ConcurrentMap<IdentityId, Seen> seen = new ConcurrentHashMap<>();

    public ServiceChanges(Model model, InstantSource clock) {
        this.model = model;
        this.clock = clock;
    }

    /** When it last changed for this identity, in whole milliseconds. */
    public Instant lastChange(IdentityId identity) {
        ModelView view = model.view();
        Seen known = seen.get(identity);
        if (known != null && known.index() >= view.index()) {
            return known.changedAt();
        }
        if (seen.size() > 2 * view.count(Identities.TYPE) + 1) {
            seen.keySet().removeIf(id -> view.get(Identities.TYPE, id).isEmpty());
        }
        String digest = digest(view, identity);
        return seen.compute(identity, (id, before) -> {
                    if (before == null) {
                        return new Seen(view.index(), digest, now());
                    }
                    if (before.index() >= view.index()) {
                        return before;
                    }
                    return new Seen(
                            view.index(),
                            digest,
                            before.digest().equals(digest) ? before.changedAt() : later(before.changedAt()));
                })
                .changedAt();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Instant later(Instant before) {
        Instant now = now();
        return now.isAfter(before) ? now : before.plusMillis(1);
    }

    /** Everything that a list of services shows, and over which routers each can be reached. */
    private static String digest(ModelView view, IdentityId identity) {
        MessageDigest digest = sha256();
        Set<ServiceId> dial = view.policies().services(identity, PolicyType.DIAL);
        Set<ServiceId> bind = view.policies().services(identity, PolicyType.BIND);
        Set<String> ids = new TreeSet<>();
        dial.forEach(id -> ids.add(id.value()));
        bind.forEach(id -> ids.add(id.value()));
        view.get(Identities.TYPE, identity).ifPresent(known -> add(digest, overrides(known)));
        for (String id : ids) {
            ServiceId service = new ServiceId(id);
            add(digest, id + dial.contains(service) + bind.contains(service));
            view.get(Services.TYPE, service).ifPresent(known -> {
                add(digest, known.meta().updatedAt().toString());
                for (ConfigId config : known.configs()) {
                    add(digest, config.value());
                    view.get(Configs.TYPE, config)
                            .ifPresent(c -> add(digest, c.meta().updatedAt() + c.name()));
                }
            });
            for (PolicyType type : PolicyType.values()) {
                ServiceRights.checks(view, identity, service, type)
                        .forEach((policy, checks) -> addChecks(digest, policy, checks, view));
            }
            for (RouterId router : ServiceRights.sharedRouters(view, identity, service)) {
                add(digest, router.value());
            }
        }
        return java.util.HexFormat.of().formatHex(digest.digest());
    }

    private static void addChecks(
            MessageDigest digest, ServicePolicyId policy, Set<PostureCheckId> checks, ModelView view) {
        if (checks.isEmpty()) {
            return;
        }
        add(digest, policy.value());
        checks.stream()
                .flatMap(id -> view.get(PostureChecks.TYPE, id).stream())
                .sorted(Comparator.comparing(check -> check.id().value()))
                .forEach(check -> add(digest, check.id().value() + check.version()));
    }

    private static String overrides(Identity identity) {
        return identity.serviceConfigs() + "|" + identity.serviceHostingCosts() + "|"
                + identity.serviceHostingPrecedences() + "|" + identity.defaultHostingCost() + "|"
                + identity.defaultHostingPrecedence();
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private record Seen(long index, String digest, Instant changedAt) {}
}
