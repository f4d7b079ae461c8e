package io.zitipekko.actors.router.datamodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.router.Registration;
import io.zitipekko.actors.router.datamodel.RouterDataModel.Access;
import io.zitipekko.actors.router.datamodel.RouterDataModel.Change;
import io.zitipekko.actors.router.datamodel.StreamedDataModel.Applied;
import io.zitipekko.actors.router.datamodel.StreamedDataModel.Position;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.Action;
import io.zitipekko.transport.control.proto.edge.DataState.ChangeSet;
import io.zitipekko.transport.control.proto.edge.DataState.Event;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Format;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Usage;
import io.zitipekko.transport.control.proto.edge.DataState.ServicePolicyRelatedEntityType;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class StreamedDataModelTest {
    private static final IdentityId ALICE = new IdentityId("alice");
    private static final IdentityId BOB = new IdentityId("bob");
    private static final ServiceId WEB = new ServiceId("web");

    private final StreamedDataModel model = new StreamedDataModel();
    private final List<Change> told = new ArrayList<>();

    private static Event.Builder event(Action action) {
        return Event.newBuilder().setAction(action);
    }

    private static Event identity(Action action, String id) {
        return event(action)
                .setIdentity(DataState.Identity.newBuilder().setId(id).setName("name of " + id))
                .build();
    }

    private static Event service(Action action, String id, String name) {
        return event(action)
                .setService(
                        DataState.Service.newBuilder().setId(id).setName(name).setEncryptionRequired(true))
                .build();
    }

    private static Event policy(Action action, String id, DataState.PolicyType type) {
        return event(action)
                .setServicePolicy(DataState.ServicePolicy.newBuilder()
                        .setId(id)
                        .setName(id)
                        .setPolicyType(type))
                .build();
    }

    private static Event related(String policy, ServicePolicyRelatedEntityType type, boolean add, String... ids) {
        return event(Action.CREATE)
                .setServicePolicyChange(DataState.ServicePolicyChange.newBuilder()
                        .setPolicyId(policy)
                        .setRelatedEntityType(type)
                        .addAllRelatedEntityIds(List.of(ids))
                        .setAdd(add))
                .build();
    }

    private static Event identities(String policy, boolean add, String... ids) {
        return related(policy, ServicePolicyRelatedEntityType.RELATED_IDENTITY, add, ids);
    }

    private static Event services(String policy, boolean add, String... ids) {
        return related(policy, ServicePolicyRelatedEntityType.RELATED_SERVICE, add, ids);
    }

    private static Event checks(String policy, boolean add, String... ids) {
        return related(policy, ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK, add, ids);
    }

    private static DataState snapshot(long index, Event... events) {
        return DataState.newBuilder()
                .setEndIndex(index)
                .setTimelineId("timeline")
                .addAllEvents(List.of(events))
                .build();
    }

    private static ChangeSet changes(long index, long previous, Event... events) {
        return ChangeSet.newBuilder()
                .setIndex(index)
                .setPreviousIndex(previous)
                .addAllChanges(List.of(events))
                .build();
    }

    /** Alice and Bob, one service, and a dial policy that joins Alice with it. */
    private void aliceMayDial() {
        model.replace(snapshot(
                10,
                identity(Action.CREATE, "alice"),
                identity(Action.CREATE, "bob"),
                service(Action.CREATE, "web", "the web"),
                policy(Action.CREATE, "p", DataState.PolicyType.DIAL_POLICY),
                services("p", true, "web"),
                identities("p", true, "alice")));
    }

    private Access dial(IdentityId identity) {
        return model.access(identity, WEB, PolicyType.DIAL);
    }

    private static Access denied(Access.Reason why) {
        return new Access.Denied(why);
    }

    /** Protocol/03 section 12.2. */
    @Nested
    final class Index {
        @Test
        void aSnapshotReplacesEverythingAndSetsThePosition() {
            model.replace(snapshot(5, identity(Action.CREATE, "old")));

            model.replace(snapshot(3, identity(Action.CREATE, "alice")));

            assertThat(model.position()).isEqualTo(new Position(3, "timeline"));
            assertThat(model.identity(new IdentityId("old"))).isEmpty();
            assertThat(model.identity(ALICE)).get().extracting("name").isEqualTo("name of alice");
        }

        @Test
        void theNextChangeSetIsAppliedAndAKnownOneIsNot() {
            aliceMayDial();

            assertThat(model.apply(changes(12, 10, identity(Action.DELETE, "bob"))))
                    .isEqualTo(Applied.YES);
            assertThat(model.apply(changes(12, 10, identity(Action.CREATE, "bob"))))
                    .isEqualTo(Applied.KNOWN);
            assertThat(model.apply(changes(11, 10, identity(Action.CREATE, "bob"))))
                    .isEqualTo(Applied.KNOWN);

            assertThat(model.identity(BOB)).isEmpty();
            assertThat(model.position()).isEqualTo(new Position(12, "timeline"));
        }

        @Test
        void aChangeSetWhosePredecessorIsMissingIsAGapAndChangesNothing() {
            aliceMayDial();
            model.onChange(told::add);

            assertThat(model.apply(changes(15, 14, identity(Action.DELETE, "alice"))))
                    .isEqualTo(Applied.GAP);

            assertThat(model.identity(ALICE)).isPresent();
            assertThat(model.position().index()).isEqualTo(10);
            assertThat(told).isEmpty();
        }

        @Test
        void whatHasNoIdIsLeftOutAndTheRestOfItsSetIsApplied() {
            model.replace(snapshot(5, identity(Action.CREATE, "")));

            assertThat(model.apply(changes(6, 5, identity(Action.CREATE, " "), identity(Action.CREATE, "alice"))))
                    .isEqualTo(Applied.YES);

            assertThat(model.identity(ALICE)).isPresent();
            assertThat(model.counts()).containsEntry("identities", 1);
        }

        @Test
        void indexesAreUnsigned() {
            model.replace(snapshot(Long.MAX_VALUE));

            assertThat(model.apply(changes(Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo(Applied.YES);
            assertThat(model.apply(changes(5, 0))).isEqualTo(Applied.KNOWN);
        }

        @Test
        void aSyntheticChangeSetIsAppliedWithoutMovingThePosition() {
            aliceMayDial();

            Applied applied = model.apply(changes(0, 0, identity(Action.DELETE, "bob")).toBuilder()
                    .setIsSynthetic(true)
                    .build());

            assertThat(applied).isEqualTo(Applied.YES);
            assertThat(model.identity(BOB)).isEmpty();
            assertThat(model.position().index()).isEqualTo(10);
        }

        @Test
        void aSnapshotOfTheModelMakesAnEqualModel() {
            aliceMayDial();
            StreamedDataModel other = new StreamedDataModel();

            other.replace(model.snapshot());

            assertThat(other.position()).isEqualTo(model.position());
            assertThat(other.counts()).isEqualTo(model.counts()).containsEntry("identities", 2);
            assertThat(other.access(ALICE, WEB, PolicyType.DIAL)).isEqualTo(new Access.Granted());
        }
    }

    /** Protocol/03 section 12.4. */
    @Nested
    final class Rights {
        @Test
        void aPolicyGrantsWhatItJoinsAndNothingElse() {
            aliceMayDial();

            assertThat(dial(ALICE)).isEqualTo(new Access.Granted());
            assertThat(dial(BOB)).isEqualTo(denied(Access.Reason.NO_POLICY));
            assertThat(model.access(ALICE, WEB, PolicyType.BIND)).isEqualTo(denied(Access.Reason.NO_POLICY));
            assertThat(dial(new IdentityId("nobody"))).isEqualTo(denied(Access.Reason.UNKNOWN_IDENTITY));
            assertThat(model.access(ALICE, new ServiceId("none"), PolicyType.DIAL))
                    .isEqualTo(denied(Access.Reason.UNKNOWN_SERVICE));
        }

        @Test
        void aPolicyOfAnUnknownTypeGrantsNothing() {
            aliceMayDial();

            model.apply(changes(11, 10, policy(Action.UPDATE, "p", DataState.PolicyType.INVALID_POLICY)));

            assertThat(dial(ALICE)).isEqualTo(denied(Access.Reason.NO_POLICY));
            assertThat(model.access(ALICE, WEB, PolicyType.BIND)).isEqualTo(denied(Access.Reason.NO_POLICY));
        }

        @Test
        void takingIdentityServiceOrPolicyOutTakesTheRight() {
            aliceMayDial();
            model.apply(changes(11, 10, identities("p", false, "alice")));
            assertThat(dial(ALICE)).isEqualTo(denied(Access.Reason.NO_POLICY));

            aliceMayDial();
            model.apply(changes(11, 10, services("p", false, "web")));
            assertThat(dial(ALICE)).isEqualTo(denied(Access.Reason.NO_POLICY));

            aliceMayDial();
            model.apply(changes(11, 10, policy(Action.DELETE, "p", DataState.PolicyType.DIAL_POLICY)));
            assertThat(dial(ALICE)).isEqualTo(denied(Access.Reason.NO_POLICY));
        }

        @Test
        void anEntityThatComesBackHasNoneOfItsOldRights() {
            aliceMayDial();
            model.apply(changes(11, 10, identity(Action.DELETE, "alice"), identity(Action.CREATE, "alice")));
            assertThat(dial(ALICE)).isEqualTo(denied(Access.Reason.NO_POLICY));

            aliceMayDial();
            model.apply(changes(
                    11, 10, service(Action.DELETE, "web", "the web"), service(Action.CREATE, "web", "the web")));
            assertThat(dial(ALICE)).isEqualTo(denied(Access.Reason.NO_POLICY));
        }

        @Test
        void relationsMayComeBeforeWhatTheyRelate() {
            model.replace(snapshot(
                    1,
                    identities("p", true, "alice"),
                    services("p", true, "web"),
                    policy(Action.CREATE, "p", DataState.PolicyType.DIAL_POLICY),
                    service(Action.CREATE, "web", "the web"),
                    identity(Action.CREATE, "alice")));

            assertThat(dial(ALICE)).isEqualTo(new Access.Granted());
        }

        @Test
        void postureChecksOfAPolicyAreAskedForUnlessAnotherPolicyHasNone() {
            aliceMayDial();
            model.apply(changes(11, 10, checks("p", true, "mfa", "os")));
            assertThat(dial(ALICE))
                    .isEqualTo(new Access.IfPostured(
                            List.of(Set.of(new PostureCheckId("mfa"), new PostureCheckId("os")))));

            model.apply(changes(
                    12,
                    11,
                    policy(Action.CREATE, "q", DataState.PolicyType.DIAL_POLICY),
                    services("q", true, "web"),
                    identities("q", true, "alice")));
            assertThat(dial(ALICE)).isEqualTo(new Access.Granted());
        }

        @Test
        void servicesAreFoundByTheirNewNameOnly() {
            aliceMayDial();

            model.apply(changes(11, 10, service(Action.UPDATE, "web", "another")));

            assertThat(model.serviceByName("the web")).isEmpty();
            assertThat(model.serviceByName("another")).get().extracting("id").isEqualTo(WEB);
            assertThat(model.service(WEB))
                    .get()
                    .extracting("encryptionRequired")
                    .isEqualTo(true);
        }

        @Test
        void aNameThatPassedToAnotherServiceStaysWithIt() {
            aliceMayDial();

            model.apply(changes(
                    11, 10, service(Action.CREATE, "new", "the web"), service(Action.DELETE, "web", "the web")));

            assertThat(model.serviceByName("the web")).get().extracting("id").isEqualTo(new ServiceId("new"));
        }
    }

    @Nested
    final class Keys {
        private final KeyPair pair = KeyPairs.p256();
        private final CertificateAuthority authority = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("root"), pair, "example", Duration.ofDays(1));

        private Event key(String kid, Format format, byte[] data, Usage... usages) {
            return event(Action.CREATE)
                    .setPublicKey(DataState.PublicKey.newBuilder()
                            .setKid(kid)
                            .setFormat(format)
                            .setData(ByteString.copyFrom(data))
                            .addAllUsages(List.of(usages)))
                    .build();
        }

        @Test
        void eachKeyServesItsOwnUsageOnly() throws CertificateEncodingException {
            byte[] certificate = authority.certificate().getEncoded();
            model.replace(snapshot(
                    1,
                    key("ca", Format.X509_CERT_DER, certificate, Usage.CLIENT_X509_CERT_VALIDATION),
                    key("jwt", Format.PKIX_PUBLIC_KEY, pair.getPublic().getEncoded(), Usage.JWT_VALIDATION),
                    key("leaf", Format.X509_CERT_DER, certificate, Usage.JWT_VALIDATION)));

            assertThat(model.clientAnchors().certificates()).containsExactly(authority.certificate());
            assertThat(model.jwtKey("jwt")).contains(pair.getPublic());
            assertThat(model.jwtKey("leaf")).contains(pair.getPublic());
            assertThat(model.jwtKey("ca")).isEmpty();
            assertThat(model.jwtKey("none")).isEmpty();
        }

        @Test
        void aKeyThatCannotBeReadIsNoKey() {
            byte[] rubbish = {1, 2, 3};
            model.replace(snapshot(
                    1,
                    key("ca", Format.X509_CERT_DER, rubbish, Usage.CLIENT_X509_CERT_VALIDATION),
                    key("jwt", Format.PKIX_PUBLIC_KEY, rubbish, Usage.JWT_VALIDATION)));

            assertThat(model.clientAnchors().isEmpty()).isTrue();
            assertThat(model.jwtKey("jwt")).isEmpty();
        }
    }

    @Test
    void revocationsAreKnownByTypeAndId() {
        model.replace(snapshot(
                1,
                event(Action.CREATE)
                        .setRevocation(DataState.Revocation.newBuilder()
                                .setType("API_SESSION")
                                .setId("s1"))
                        .build(),
                event(Action.CREATE)
                        .setRevocation(DataState.Revocation.newBuilder()
                                .setType("IDENTITY")
                                .setId("alice")
                                .setIssuedBefore(Timestamp.newBuilder().setSeconds(100)))
                        .build(),
                event(Action.CREATE)
                        .setRevocation(DataState.Revocation.newBuilder()
                                .setType("IDENTITY")
                                .setId("bob"))
                        .build()));

        assertThat(model.isApiSessionRevoked("s1")).isTrue();
        assertThat(model.isApiSessionRevoked("alice")).isFalse();
        assertThat(model.identityRevokedBefore(ALICE)).contains(Instant.ofEpochSecond(100));
        assertThat(model.identityRevokedBefore(BOB)).contains(Instant.MAX);
        assertThat(model.identityRevokedBefore(new IdentityId("s1"))).isEmpty();
    }

    @Test
    void aRouterWithoutAFingerprintIsNotKnown() {
        String fingerprint = "0123456789abcdef0123456789abcdef01234567";
        model.replace(snapshot(
                1,
                event(Action.CREATE)
                        .setRouter(DataState.Router.newBuilder().setId("r1").setFingerprint(fingerprint))
                        .build(),
                event(Action.CREATE)
                        .setRouter(DataState.Router.newBuilder().setId("r2"))
                        .build()));

        assertThat(model.router(new RouterId("r1"))).isPresent();
        assertThat(model.router(new RouterId("r2"))).isEmpty();
    }

    @Test
    void aRouterWhoseOwnRecordIsGoneIsDisabledInWhicheverOrderItHears() {
        Event disabled = event(Action.UPDATE)
                .setRouter(DataState.Router.newBuilder().setId("r1").setDisabled(true))
                .build();
        Event deleted = event(Action.DELETE)
                .setRouter(DataState.Router.newBuilder().setId("r1"))
                .build();
        Event created = event(Action.CREATE)
                .setRouter(DataState.Router.newBuilder().setId("r1"))
                .build();
        for (List<Event> order : List.of(List.of(disabled, deleted), List.of(deleted, disabled), List.of(deleted))) {
            StreamedDataModel own = new StreamedDataModel(new RouterId("r1"));
            own.replace(snapshot(1, created));
            assertThat(own.isDisabled(new RouterId("r1"))).isFalse();

            order.forEach(event -> own.apply(ChangeSet.newBuilder()
                    .setIsSynthetic(true)
                    .addChanges(event)
                    .build()));

            assertThat(own.isDisabled(new RouterId("r1"))).as(order.toString()).isTrue();
            assertThat(own.isDisabled(new RouterId("r2"))).isFalse();
            own.apply(ChangeSet.newBuilder()
                    .setIsSynthetic(true)
                    .addChanges(created)
                    .build());
            assertThat(own.isDisabled(new RouterId("r1"))).isFalse();
        }
    }

    /** Who must be looked at again after a change. */
    @Nested
    final class Notices {
        private Change after(Event... events) {
            aliceMayDial();
            try (Registration ignored = model.onChange(told::add)) {
                model.apply(changes(11, 10, events));
            }
            assertThat(told).hasSize(1);
            return told.get(0);
        }

        @Test
        void aNewModelTouchesEverything() {
            model.onChange(told::add);

            aliceMayDial();

            assertThat(told).containsExactly(Change.EVERYTHING);
        }

        @Test
        void aDeletedPolicyTouchesThoseItHeld() {
            Change change = after(policy(Action.DELETE, "p", DataState.PolicyType.DIAL_POLICY));

            assertThat(change.touches(ALICE)).isTrue();
            assertThat(change.touches(BOB)).isFalse();
        }

        @Test
        void anIdentityOrServiceTakenFromAPolicyIsTouched() {
            assertThat(after(identities("p", false, "alice")).touches(ALICE, new ServiceId("x")))
                    .isTrue();
            told.clear();
            assertThat(after(services("p", false, "web")).touches(BOB, WEB)).isTrue();
        }

        @Test
        void aPostureCheckAddedToAPolicyTouchesItsIdentities() {
            Change change = after(checks("p", true, "mfa"));

            assertThat(change.touches(ALICE)).isTrue();
            assertThat(change.touches(BOB)).isFalse();
        }

        @Test
        void aRevocationTouchesTheSessionThatItNames() {
            Change change = after(event(Action.CREATE)
                    .setRevocation(DataState.Revocation.newBuilder()
                            .setType("API_SESSION")
                            .setId("s1"))
                    .build());

            assertThat(change)
                    .isEqualTo(new Change(false, Set.of(), Set.of(), Set.of(), Set.of(new ApiSessionId("s1"))));
        }

        @Test
        void oneMoreKeyTouchesNothing() {
            assertThat(after(key(Action.CREATE))).isEqualTo(new Change(false, Set.of(), Set.of()));
        }

        @Test
        void aKeyThatGoesTouchesEverything() {
            assertThat(after(key(Action.CREATE), key(Action.DELETE)))
                    .as("within one change set nobody had it")
                    .isEqualTo(new Change(false, Set.of(), Set.of()));

            model.onChange(told::add);
            model.apply(changes(12, 11, key(Action.CREATE)));
            model.apply(changes(13, 12, key(Action.DELETE)));

            assertThat(told.get(told.size() - 1)).isEqualTo(Change.EVERYTHING);
        }

        private static Event key(Action action) {
            return event(action)
                    .setPublicKey(DataState.PublicKey.newBuilder().setKid("k1"))
                    .build();
        }

        @Test
        void whoHasClosedItsRegistrationIsToldNothing() {
            model.onChange(told::add).close();

            aliceMayDial();

            assertThat(told).isEmpty();
        }
    }
}
