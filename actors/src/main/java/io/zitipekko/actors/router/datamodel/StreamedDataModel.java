package io.zitipekko.actors.router.datamodel;

import com.google.protobuf.Timestamp;
import io.vavr.collection.HashSet;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.router.Registration;
import io.zitipekko.actors.router.datamodel.DataModelState.Policy;
import io.zitipekko.actors.router.link.RouterVerifier;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.ChangeSet;
import io.zitipekko.transport.control.proto.edge.DataState.Event;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Format;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Usage;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data model that controllers stream: snapshots and change sets by the index rules of protocol/03 section 12.2. Written by one
 * subscription at a time (calls are serialized here all the same), read from anywhere without a lock.
 */
public final class StreamedDataModel implements RouterDataModel {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedDataModel.class);
    private static final String REVOKED_API_SESSION = "API_SESSION";
    private static final String REVOKED_IDENTITY = "IDENTITY";

    /** What became of a change set. */
    public enum Applied {
        /** It is part of the model now. */
        YES,
        /** It was known already. */
        KNOWN,
        /** Something before it is missing: subscribe anew. */
        GAP
    }

    /** Where the model stands; index 0 means that there is none yet. */
    public record Position(long index, String timelineId) {}

    private final @Nullable RouterId self;
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private volatile DataModelState state = DataModelState.EMPTY;
    private volatile TrustAnchors anchors = TrustAnchors.none();
    private volatile Position position = new Position(0, "");
    /** The controllers have taken this router's own record away. */
    private volatile boolean selfRemoved;

    /** A model that is nobody's, for a comparison. */
    public StreamedDataModel() {
        this.self = null;
    }

    /** @param self whose model it is */
    public StreamedDataModel(RouterId self) {
        this.self = self;
    }

    public Position position() {
        return position;
    }

    /** Replaces the model (message 20500). */
    public void replace(DataState snapshot) {
        synchronized (this) {
            DataModelState next = DataModelState.EMPTY;
            for (Event event : snapshot.getEventsList()) {
                next = next.apply(event);
                noteSelf(event);
            }
            publish(next, new Position(snapshot.getEndIndex(), snapshot.getTimelineId()));
        }
        tell(Change.EVERYTHING);
    }

    /** Applies a change set (message 20501). */
    public Applied apply(ChangeSet changes) {
        Change change;
        synchronized (this) {
            Position at = position;
            long index = changes.getIndex();
            if (!changes.getIsSynthetic()) {
                if (Long.compareUnsigned(index, at.index()) <= 0) {
                    return Applied.KNOWN;
                }
                if (changes.getPreviousIndex() != 0 && at.index() != 0 && changes.getPreviousIndex() != at.index()) {
                    return Applied.GAP;
                }
            }
            DataModelState before = state;
            DataModelState next = before;
            for (Event event : changes.getChangesList()) {
                next = next.apply(event);
                noteSelf(event);
            }
            change = touched(before, next, changes.getChangesList());
            publish(next, changes.getIsSynthetic() ? at : new Position(index, at.timelineId()));
        }
        tell(change);
        return Applied.YES;
    }

    /** The whole model, for a comparison (message 20503) or to be kept across a restart. */
    public DataState snapshot() {
        synchronized (this) {
            return state.toSnapshot(position.index(), position.timelineId());
        }
    }

    /** How many entities of each kind there are, by the names that message 20504 uses. */
    public java.util.Map<String, Integer> counts() {
        DataModelState s = state;
        return java.util.Map.of(
                "configType", s.configTypes().size(),
                "configs", s.configs().size(),
                "identities", s.identities().size(),
                "Services", s.services().size(),
                "routers", s.routers().size(),
                "service-policies", s.policies().size(),
                "posture-checks", s.postureChecks().size(),
                "public-keys", s.keys().size(),
                "revocations", s.revocations().size(),
                "cached-public-keys", s.keys().size());
    }

    /**
     * That a router is deleted it may be told in two messages, by different connections: that it is disabled, and that its record is gone. In
     * whichever order they come, the second does not take back the first.
     */
    private void noteSelf(Event event) {
        if (self != null
                && event.getModelCase() == Event.ModelCase.ROUTER
                && event.getRouter().getId().equals(self.value())) {
            selfRemoved = event.getAction() == DataState.Action.DELETE;
        }
    }

    private void publish(DataModelState next, Position at) {
        if (next.keys() != state.keys()) {
            anchors = anchorsOf(next);
        }
        state = next;
        position = at;
    }

    private void tell(Change change) {
        listeners.forEach(l -> l.accept(change));
    }

    private static TrustAnchors anchorsOf(DataModelState next) {
        List<X509Certificate> out = new ArrayList<>();
        for (DataState.PublicKey key : next.keys().values()) {
            if (key.getFormat() == Format.X509_CERT_DER
                    && key.getUsagesList().contains(Usage.CLIENT_X509_CERT_VALIDATION)) {
                try {
                    out.add(Pem.certificate(key.getData().toByteArray()));
                } catch (InvalidIdentityException e) {
                    LOG.warn(
                            "the data model's public key {} is no certificate, clients cannot chain to it: {}",
                            key.getKid(),
                            e.getMessage());
                }
            }
        }
        return TrustAnchors.of(out);
    }

    /** Which identities and services must be looked at again. */
    private static Change touched(DataModelState before, DataModelState after, List<Event> events) {
        Set<IdentityId> identities = new LinkedHashSet<>();
        Set<ServiceId> services = new LinkedHashSet<>();
        Set<RouterId> routers = new LinkedHashSet<>();
        Set<ApiSessionId> apiSessions = new LinkedHashSet<>();
        for (Event event : events) {
            switch (event.getModelCase()) {
                case IDENTITY -> identity(event.getIdentity().getId(), identities);
                case SERVICE -> service(event.getService().getId(), services);
                case SERVICE_POLICY -> {
                    ofPolicy(before, event.getServicePolicy().getId(), identities);
                    ofPolicy(after, event.getServicePolicy().getId(), identities);
                }
                case SERVICE_POLICY_CHANGE -> {
                    switch (event.getServicePolicyChange().getRelatedEntityType()) {
                        case RELATED_IDENTITY ->
                            event.getServicePolicyChange()
                                    .getRelatedEntityIdsList()
                                    .forEach(id -> identity(id, identities));
                        case RELATED_SERVICE ->
                            event.getServicePolicyChange()
                                    .getRelatedEntityIdsList()
                                    .forEach(id -> service(id, services));
                        default ->
                            ofPolicy(after, event.getServicePolicyChange().getPolicyId(), identities);
                    }
                }
                case POSTURE_CHECK -> {
                    String check = event.getPostureCheck().getId();
                    for (Policy p : after.policies().values()) {
                        if (p.postureChecks().contains(check)) {
                            p.identities().forEach(id -> identity(id, identities));
                        }
                    }
                }
                case REVOCATION -> {
                    String id = event.getRevocation().getId();
                    switch (event.getRevocation().getType()) {
                        case REVOKED_API_SESSION -> {
                            if (EntityId.isPossible(id)) {
                                apiSessions.add(new ApiSessionId(id));
                            }
                        }
                        case REVOKED_IDENTITY -> identity(id, identities);
                        default -> {
                            // Of single tokens and of older kinds: only controllers look at those.
                        }
                    }
                }
                case PUBLIC_KEY -> {
                    // One more takes nothing away; one that went, or is another now, may have been anybody's.
                    String kid = event.getPublicKey().getKid();
                    if (before.keys().get(kid).isDefined()
                            && !before.keys().get(kid).equals(after.keys().get(kid))) {
                        return Change.EVERYTHING;
                    }
                }
                case ROUTER -> {
                    if (EntityId.isPossible(event.getRouter().getId())) {
                        routers.add(new RouterId(event.getRouter().getId()));
                    }
                }
                default -> {
                    // Configs give and take no right.
                }
            }
        }
        return new Change(false, identities, services, routers, apiSessions);
    }

    private static void ofPolicy(DataModelState state, String policy, Set<IdentityId> identities) {
        state.policies().get(policy).forEach(p -> p.identities().forEach(id -> identity(id, identities)));
    }

    /** What cannot be an id is nobody's: nobody can have lost a right by it. */
    private static void identity(String id, Set<IdentityId> identities) {
        if (EntityId.isPossible(id)) {
            identities.add(new IdentityId(id));
        }
    }

    private static void service(String id, Set<ServiceId> services) {
        if (EntityId.isPossible(id)) {
            services.add(new ServiceId(id));
        }
    }

    // ---- what the edge asks

    @Override
    public Optional<IdentityEntry> identity(IdentityId id) {
        return state.identities()
                .get(id.value())
                .map(i -> new IdentityEntry(id, i.getName(), i.getDisabled()))
                .toJavaOptional();
    }

    /** The certificate that a router was enrolled with, as the controllers pushed it. */
    public Optional<RouterVerifier.Known> router(RouterId id) {
        return state.routers()
                .get(id.value())
                .filter(r -> !r.getFingerprint().isEmpty())
                .map(r -> new RouterVerifier.Known(new Fingerprint(r.getFingerprint()), r.getDisabled()))
                .toJavaOptional();
    }

    @Override
    public boolean isDisabled(RouterId router) {
        return state.routers()
                .get(router.value())
                .map(DataState.Router::getDisabled)
                .getOrElse(() -> selfRemoved && router.equals(self));
    }

    @Override
    public Optional<ServiceEntry> service(ServiceId id) {
        return state.services().get(id.value()).map(StreamedDataModel::entry).toJavaOptional();
    }

    @Override
    public Optional<ServiceEntry> serviceByName(String name) {
        DataModelState s = state;
        return s.serviceIds()
                .get(name)
                .flatMap(s.services()::get)
                .map(StreamedDataModel::entry)
                .toJavaOptional();
    }

    private static ServiceEntry entry(DataState.Service s) {
        return new ServiceEntry(new ServiceId(s.getId()), s.getName(), s.getEncryptionRequired());
    }

    @Override
    public Access access(IdentityId identity, ServiceId service, PolicyType type) {
        DataModelState s = state;
        if (!s.identities().containsKey(identity.value())) {
            return new Access.Denied(Access.Reason.UNKNOWN_IDENTITY);
        }
        if (!s.services().containsKey(service.value())) {
            return new Access.Denied(Access.Reason.UNKNOWN_SERVICE);
        }
        DataState.PolicyType wanted =
                type == PolicyType.DIAL ? DataState.PolicyType.DIAL_POLICY : DataState.PolicyType.BIND_POLICY;
        List<Set<PostureCheckId>> conditional = new ArrayList<>();
        for (String id : s.policiesOf().getOrElse(identity.value(), HashSet.empty())) {
            Policy p = s.policies().get(id).getOrNull();
            if (p == null || p.type() != wanted || !p.services().contains(service.value())) {
                continue;
            }
            if (p.postureChecks().isEmpty()) {
                return new Access.Granted();
            }
            Set<PostureCheckId> checks = new LinkedHashSet<>();
            p.postureChecks().forEach(c -> checks.add(new PostureCheckId(c)));
            conditional.add(checks);
        }
        return conditional.isEmpty() ? new Access.Denied(Access.Reason.NO_POLICY) : new Access.IfPostured(conditional);
    }

    @Override
    public TrustAnchors clientAnchors() {
        return anchors;
    }

    @Override
    public Optional<PublicKey> jwtKey(String kid) {
        return state.keys()
                .get(kid)
                .filter(k -> k.getUsagesList().contains(Usage.JWT_VALIDATION))
                .toJavaOptional()
                .flatMap(k -> Optional.ofNullable(publicKey(k)));
    }

    private static @Nullable PublicKey publicKey(DataState.PublicKey key) {
        byte[] data = key.getData().toByteArray();
        try {
            if (key.getFormat() == Format.X509_CERT_DER) {
                return Pem.certificate(data).getPublicKey();
            }
            if (key.getFormat() == Format.PKIX_PUBLIC_KEY) {
                X509EncodedKeySpec spec = new X509EncodedKeySpec(data);
                try {
                    return KeyFactory.getInstance("EC").generatePublic(spec);
                } catch (GeneralSecurityException notEc) {
                    return KeyFactory.getInstance("RSA").generatePublic(spec);
                }
            }
        } catch (InvalidIdentityException | GeneralSecurityException e) {
            LOG.warn(
                    "the data model's public key {} cannot be read, tokens that name it are refused: {}",
                    key.getKid(),
                    e.getMessage());
        }
        return null;
    }

    @Override
    public boolean isApiSessionRevoked(String apiSessionId) {
        return state.revocations().containsKey(DataModelState.revocationKey(REVOKED_API_SESSION, apiSessionId));
    }

    @Override
    public Optional<Instant> identityRevokedBefore(IdentityId identity) {
        return state.revocations()
                .get(DataModelState.revocationKey(REVOKED_IDENTITY, identity.value()))
                .toJavaOptional()
                .map(r -> r.hasIssuedBefore() ? instant(r.getIssuedBefore()) : Instant.MAX);
    }

    private static Instant instant(Timestamp t) {
        return Instant.ofEpochSecond(t.getSeconds(), t.getNanos());
    }

    @Override
    public Registration onChange(Consumer<Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
