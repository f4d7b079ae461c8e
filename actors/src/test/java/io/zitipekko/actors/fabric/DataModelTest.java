package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.ClientHello;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.Action;
import io.zitipekko.transport.control.proto.edge.DataState.ChangeSet;
import io.zitipekko.transport.control.proto.edge.DataState.Event;
import io.zitipekko.transport.control.proto.edge.SubscribeToDataModelRequest;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataModelTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter router = network.connect("r1");

    @BeforeEach
    void arrange() {
        network.change(
                Samples.put(Samples.identity("ann", "staff")),
                Samples.put(Samples.service("web", "public")),
                Samples.put(Samples.servicePolicy(
                        "p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("#staff"), List.of("#public"))));
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void snapshotHasEverythingInOrderAndNamesTheSubscription() {
        DataState snapshot = subscribe(0, "", "s1");

        assertThat(snapshot.getEndIndex()).isEqualTo(network.model.view().index());
        assertThat(snapshot.getTimelineId()).isEqualTo(network.model.view().timelineId());
        assertThat(snapshot.getEventsList().stream().map(Event::getModelCase).distinct())
                .containsExactly(
                        Event.ModelCase.CONFIG_TYPE,
                        Event.ModelCase.IDENTITY,
                        Event.ModelCase.SERVICE,
                        Event.ModelCase.ROUTER,
                        Event.ModelCase.SERVICE_POLICY,
                        Event.ModelCase.SERVICE_POLICY_CHANGE,
                        Event.ModelCase.PUBLIC_KEY);
        assertThat(snapshot.getEventsList())
                .filteredOn(Event::hasServicePolicyChange)
                .extracting(e -> e.getServicePolicyChange().getRelatedEntityIds(0))
                .containsExactly("web", "ann");
        Message message = router.channel().sent().stream()
                .filter(m -> m.contentType() == ControlContentType.DATA_STATE)
                .findFirst()
                .orElseThrow();
        assertThat(message.headers().string(ControlHeader.DATA_MODEL_SUBSCRIPTION_ID))
                .contains("s1");
    }

    @Test
    void changesFormAnUnbrokenChainWithEmptySetsToo() {
        long start = subscribe(0, "", "s1").getEndIndex();

        network.change(Samples.put(Samples.service("db")));
        network.change(Samples.put(Samples.edgeRouterPolicy("erp", Semantic.ANY_OF, List.of("#all"), List.of("#all"))));
        network.change(Samples.delete(Services.TYPE, "db"));

        List<ChangeSet> sets = sets(3);
        assertThat(sets).extracting(ChangeSet::getPreviousIndex).containsExactly(start, start + 1, start + 2);
        assertThat(sets).extracting(ChangeSet::getIndex).containsExactly(start + 1, start + 2, start + 3);
        assertThat(sets.get(1).getChangesCount())
                .as("nothing for routers in it")
                .isZero();
        assertThat(sets.get(2).getChanges(0).getAction()).isEqualTo(Action.DELETE);
    }

    @Test
    void attributesGainedAndLostBecomeRelations() {
        subscribe(0, "", "s1");

        network.change(Samples.put(Samples.identity("bob", "staff")));
        Identity bob = Samples.identity("bob", "staff");
        network.change(Samples.replace(Identities.TYPE, bob, Samples.identity("bob", "guest")));

        List<ChangeSet> sets = sets(2);
        Event gained = sets.get(0).getChanges(1);
        assertThat(gained.getServicePolicyChange().getRelatedEntityIdsList()).containsExactly("bob");
        assertThat(gained.getServicePolicyChange().getAdd()).isTrue();
        Event lost = sets.get(1).getChanges(0);
        assertThat(lost.getServicePolicyChange().getRelatedEntityIdsList()).containsExactly("bob");
        assertThat(lost.getServicePolicyChange().getAdd())
                .as("rights that go come first")
                .isFalse();
    }

    @Test
    void anAuthorityThatAdmitsLogInsIsAKeyForClientsAndItsEndComesFirst() {
        CertificateAuthority authority = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("third party"), KeyPairs.p256(), "other", Duration.ofDays(1));
        subscribe(0, "", "s1");

        network.change(Samples.put(Cas.TYPE, authority(authority, false)));
        network.change(Samples.replace(Cas.TYPE, authority(authority, false), authority(authority, true)));
        network.change(
                Samples.put(Samples.service("later")),
                Samples.replace(Cas.TYPE, authority(authority, true), authority(authority, false)));

        List<ChangeSet> sets = sets(3);
        assertThat(sets.get(0).getChangesCount()).as("not allowed yet").isZero();
        assertThat(sets.get(1).getChangesList()).singleElement().satisfies(made -> {
            assertThat(made.getAction()).isEqualTo(Action.CREATE);
            assertThat(made.getPublicKey().getKid())
                    .isEqualTo(Fingerprint.of(authority.certificate()).hex());
            assertThat(Pem.certificate(made.getPublicKey().getData().toByteArray()))
                    .isEqualTo(authority.certificate());
            assertThat(made.getPublicKey().getUsagesList())
                    .containsExactly(DataState.PublicKey.Usage.CLIENT_X509_CERT_VALIDATION);
        });
        Event gone = sets.get(2).getChanges(0);
        assertThat(gone.getAction()).isEqualTo(Action.DELETE);
        assertThat(gone.getPublicKey().getKid())
                .isEqualTo(Fingerprint.of(authority.certificate()).hex());
    }

    @Test
    void aSnapshotHasTheKeysOfAuthoritiesThatAdmitLogInsOnly() {
        CertificateAuthority admitting = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("admitting"), KeyPairs.p256(), "other", Duration.ofDays(1));
        network.change(
                Samples.put(Cas.TYPE, authority(admitting, true)), Samples.put(Cas.TYPE, Samples.ca("other", false)));

        assertThat(subscribe(0, "", "s1").getEventsList())
                .filteredOn(Event::hasPublicKey)
                .extracting(event -> event.getPublicKey().getKid())
                .contains(Fingerprint.of(admitting.certificate()).hex())
                .doesNotContain(Samples.ca("other", false).fingerprint().hex());
    }

    @Test
    void theKeyOfTheNetworkItselfStaysWhenSomebodyRegisteredItAndTookItBack() {
        long own = subscribe(0, "", "s1").getEventsList().stream()
                .filter(Event::hasPublicKey)
                .count();
        CertificateAuthority itself = network.authority;

        network.change(Samples.put(Cas.TYPE, authority(itself, true)));
        network.change(Samples.replace(Cas.TYPE, authority(itself, true), authority(itself, false)));

        assertThat(sets(2)).allSatisfy(set -> assertThat(set.getChangesCount()).isZero());
        assertThat(own).isPositive();
    }

    private static Ca authority(CertificateAuthority signs, boolean logIn) {
        Ca any = Samples.ca("ca1", logIn);
        return new Ca(
                any.id(),
                any.meta(),
                any.name(),
                Fingerprint.of(signs.certificate()),
                Pem.write(signs.certificate()),
                true,
                any.verificationToken(),
                logIn,
                false,
                false,
                any.identityRoles(),
                any.identityNameFormat(),
                null);
    }

    @Test
    void postureChecksStandBetweenAPolicyAndItsIdentities() {
        guard();

        List<Event> events = subscribe(0, "", "s1").getEventsList();

        assertThat(events.stream().map(Event::getModelCase).distinct().toList())
                .containsSubsequence(
                        Event.ModelCase.ROUTER, Event.ModelCase.POSTURE_CHECK, Event.ModelCase.SERVICE_POLICY);
        assertThat(events)
                .filteredOn(Event::hasServicePolicyChange)
                .extracting(e -> e.getServicePolicyChange().getRelatedEntityType())
                .containsExactly(
                        DataState.ServicePolicyRelatedEntityType.RELATED_SERVICE,
                        DataState.ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK,
                        DataState.ServicePolicyRelatedEntityType.RELATED_IDENTITY);
    }

    private void guard() {
        ServicePolicy open = network.model
                .view()
                .get(ServicePolicies.TYPE, new ServicePolicyId("p1"))
                .orElseThrow();
        network.change(
                Samples.put(check("c1", "os")),
                Samples.replace(ServicePolicies.TYPE, open, Samples.guarded(open, "#os")));
    }

    private static PostureCheck check(String id, String... attributes) {
        return Samples.postureCheck(
                id,
                new PostureCheck.OperatingSystems(
                        List.of(new PostureCheck.OperatingSystem(PostureCheck.OsType.LINUX, List.of(">=1.0.0")))),
                attributes);
    }

    @Test
    void aCheckComesBeforeItGuardsAndGuardsUntilTheEnd() {
        subscribe(0, "", "s1");

        guard();
        network.change(Samples.replace(PostureChecks.TYPE, check("c1", "os"), check("c1")));
        network.change(Samples.put(check("c2", "os")));
        network.change(Samples.delete(PostureChecks.TYPE, "c2"));

        List<ChangeSet> sets = sets(4);
        Event made = sets.get(0).getChanges(0);
        assertThat(made.getAction()).isEqualTo(Action.CREATE);
        assertThat(made.getPostureCheck().getTypeId()).isEqualTo("OS");
        assertThat(made.getPostureCheck().getOsList().getOsList(0).getOsType()).isEqualTo("Linux");
        assertThat(made.getPostureCheck().getOsList().getOsList(0).getOsVersionsList())
                .containsExactly(">=1.0.0");
        assertThat(sets.get(0).getChangesList())
                .extracting(Event::getModelCase)
                .containsExactly(
                        Event.ModelCase.POSTURE_CHECK,
                        Event.ModelCase.SERVICE_POLICY,
                        Event.ModelCase.SERVICE_POLICY_CHANGE);
        assertGuards(sets.get(0).getChanges(2), "c1", true);
        assertThat(sets.get(1).getChanges(0).getAction()).isEqualTo(Action.UPDATE);
        assertGuards(sets.get(1).getChanges(1), "c1", false);
        assertGuards(sets.get(2).getChanges(1), "c2", true);
        assertThat(sets.get(3).getChanges(0).getAction()).isEqualTo(Action.DELETE);
        assertThat(sets.get(3).getChanges(0).getPostureCheck().getId()).isEqualTo("c2");
        assertGuards(sets.get(3).getChanges(1), "c2", false);
    }

    private static void assertGuards(Event event, String check, boolean add) {
        DataState.ServicePolicyChange change = event.getServicePolicyChange();
        assertThat(change.getRelatedEntityType())
                .isEqualTo(DataState.ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK);
        assertThat(change.getRelatedEntityIdsList()).containsExactly(check);
        assertThat(change.getAdd()).isEqualTo(add);
    }

    @Test
    void everyKindOfCheckHasItsFieldsOnTheWire() {
        PostureCheck.Program program =
                new PostureCheck.Program(PostureCheck.OsType.MAC_OS, "/a", List.of("aa"), List.of("bb"));
        network.change(
                Samples.put(Samples.postureCheck("1", new PostureCheck.Domains(List.of("corp")))),
                Samples.put(Samples.postureCheck("2", new PostureCheck.MacAddresses(List.of("001b44113ab7")))),
                Samples.put(Samples.postureCheck("3", new PostureCheck.Mfa(60, true, false, true))),
                Samples.put(Samples.postureCheck("4", new PostureCheck.SingleProcess(program))),
                Samples.put(
                        Samples.postureCheck("5", new PostureCheck.ProcessMulti(Semantic.ALL_OF, List.of(program)))));

        List<DataState.PostureCheck> checks = subscribe(0, "", "s1").getEventsList().stream()
                .filter(Event::hasPostureCheck)
                .map(Event::getPostureCheck)
                .toList();

        assertThat(checks)
                .extracting(DataState.PostureCheck::getTypeId)
                .containsExactly("DOMAIN", "MAC", "MFA", "PROCESS", "PROCESS_MULTI");
        assertThat(checks.get(0).getDomains().getDomainsList()).containsExactly("corp");
        assertThat(checks.get(1).getMac().getMacAddressesList()).containsExactly("001b44113ab7");
        assertThat(checks.get(2).getMfa().getTimeoutSeconds()).isEqualTo(60);
        assertThat(checks.get(2).getMfa().getPromptOnWake()).isTrue();
        assertThat(checks.get(2).getMfa().getIgnoreLegacyEndpoints()).isTrue();
        assertThat(checks.get(3).getProcess().getOsType()).isEqualTo("macOS");
        assertThat(checks.get(3).getProcess().getFingerprintsList()).containsExactly("bb");
        assertThat(checks.get(4).getProcessMulti().getSemantic()).isEqualTo("AllOf");
        assertThat(checks.get(4).getProcessMulti().getProcesses(0).getHashesList())
                .containsExactly("aa");
    }

    @Test
    void deletedPolicyIsOneDelete() {
        subscribe(0, "", "s1");

        network.change(Samples.delete(ServicePolicies.TYPE, "p1"));

        assertThat(sets(1).get(0).getChangesList()).singleElement().satisfies(e -> {
            assertThat(e.getAction()).isEqualTo(Action.DELETE);
            assertThat(e.getServicePolicy().getId()).isEqualTo("p1");
        });
    }

    @Test
    void resubscriptionReplaysFromTheIndexOrStartsAnew() {
        DataState snapshot = subscribe(0, "", "s1");
        network.change(Samples.put(Samples.service("db")));
        network.change(Samples.put(Samples.service("mail")));
        sets(2);
        String timeline = snapshot.getTimelineId();

        request(snapshot.getEndIndex() + 1, timeline, "s2", false);
        await().until(() -> sets("s2").size() == 1);
        assertThat(sets("s2").get(0).getIndex()).isEqualTo(snapshot.getEndIndex() + 2);

        request(snapshot.getEndIndex() + 2, "elsewhere", "s3", false);
        await().until(() -> states("s3") == 1);
        request(snapshot.getEndIndex() + 1000, timeline, "s4", false);
        await().until(() -> states("s4") == 1);
        request(snapshot.getEndIndex() + 2, timeline, "s5", false);
        request(snapshot.getEndIndex(), timeline, "s6", false);
        await().until(() -> sets("s6").size() == 2);
        assertThat(states("s5")).as("up to date: nothing to say").isZero();
        assertThat(sets("s5")).isEmpty();
    }

    @Test
    void subscriptionEndsUnlessItIsRenewed() {
        String timeline = subscribe(0, "", "s1").getTimelineId();
        network.clock.advance(Duration.ofSeconds(200));
        request(0, timeline, "s1", true);
        network.change(Samples.put(Samples.service("db")));
        sets(1);
        network.clock.advance(Duration.ofSeconds(200));
        network.change(Samples.put(Samples.service("wiki")));
        sets(2);
        assertThat(states("s1")).as("renewing keeps the position").isEqualTo(1);

        network.clock.advance(Duration.ofSeconds(200));
        network.change(Samples.put(Samples.service("mail")));
        request(0, timeline, "s2", false);
        await().until(() -> states("s2") == 1);
        assertThat(sets("s1")).hasSize(2);
    }

    @Test
    void configsForRoutersReachOnlyThoseThatListThem() {
        network.change(Samples.put(
                ConfigTypes.TYPE, new ConfigType(new ConfigTypeId("ct"), Samples.META, "ct", "router", null)));
        network.change(Samples.put(Samples.config("c1", "ct", "{\"a\":1}")));
        DataState snapshot = subscribe(0, "", "s1");
        assertThat(snapshot.getEventsList()).noneMatch(Event::hasConfig);

        EdgeRouter before = network.router("r1");
        EdgeRouter listing = new EdgeRouter(
                before.id(),
                before.meta(),
                before.name(),
                before.roleAttributes(),
                before.tunnelerEnabled(),
                before.cost(),
                before.noTraversal(),
                before.disabled(),
                before.appData(),
                List.of(new ConfigId("c1")),
                before.ctrlChanListeners(),
                before.verified(),
                before.fingerprint(),
                before.certPem(),
                null,
                null);
        network.change(Samples.replace(EdgeRouters.TYPE, before, listing));
        network.change(Samples.replace(
                Configs.TYPE, Samples.config("c1", "ct", "{\"a\":1}"), Samples.config("c1", "ct", "{\"a\":2}")));

        List<ChangeSet> sets = sets(2);
        assertThat(sets.get(0).getChanges(0).getConfig().getId()).isEqualTo("c1");
        assertThat(sets.get(0).getChanges(0).getIsSynthetic()).isTrue();
        assertThat(sets.get(0).getChanges(1).hasRouter()).isTrue();
        assertThat(sets.get(1).getChanges(0).getConfig().getDataJson()).isEqualTo("{\"a\":2}");
    }

    @Test
    void keysComeWithTheEdgeHelloAsASyntheticSet() {
        router.tell(ControlContentType.CLIENT_HELLO, ClientHello.getDefaultInstance());

        ChangeSet keys =
                router.expect(ControlContentType.DATA_STATE_CHANGE_SET, ChangeSet.parser(), ChangeSet::getIsSynthetic);
        assertThat(keys.getIndex()).isZero();
        assertThat(keys.getChangesList()).hasSize(2).allMatch(Event::hasPublicKey);
        assertThat(keys.getChanges(0).getPublicKey().getUsagesCount()).isEqualTo(2);
    }

    private DataState subscribe(long index, String timeline, String subscription) {
        request(index, timeline, subscription, false);
        return router.expect(ControlContentType.DATA_STATE, DataState.parser(), s -> true);
    }

    private void request(long index, String timeline, String subscription, boolean renew) {
        router.tell(
                ControlContentType.SUBSCRIBE_TO_DATA_MODEL,
                SubscribeToDataModelRequest.newBuilder()
                        .setCurrentIndex(index)
                        .setTimelineId(timeline)
                        .setSubscriptionId(subscription)
                        .setSubscriptionDurationSeconds(300)
                        .setRenew(renew)
                        .build());
    }

    private List<ChangeSet> sets(int count) {
        await().until(() -> sets("s1").size() >= count);
        return sets("s1");
    }

    private List<ChangeSet> sets(String subscription) {
        return router.channel().sent().stream()
                .filter(m -> m.contentType() == ControlContentType.DATA_STATE_CHANGE_SET)
                .filter(m -> m.headers()
                        .string(ControlHeader.DATA_MODEL_SUBSCRIPTION_ID)
                        .filter(subscription::equals)
                        .isPresent())
                .map(m -> FakeRouter.parse(ChangeSet.parser(), m))
                .toList();
    }

    private long states(String subscription) {
        return router.channel().sent().stream()
                .filter(m -> m.contentType() == ControlContentType.DATA_STATE)
                .filter(m -> m.headers()
                        .string(ControlHeader.DATA_MODEL_SUBSCRIPTION_ID)
                        .filter(subscription::equals)
                        .isPresent())
                .count();
    }
}
