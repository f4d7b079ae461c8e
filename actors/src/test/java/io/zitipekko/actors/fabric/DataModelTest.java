package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.ConfigId;
import io.zitipekko.actors.model.EdgeRouter;
import io.zitipekko.actors.model.Identity;
import io.zitipekko.actors.model.PolicyType;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.Semantic;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
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
                ConfigTypes.TYPE,
                new io.zitipekko.actors.model.ConfigType(
                        new io.zitipekko.actors.model.ConfigTypeId("ct"), Samples.META, "ct", "router", null)));
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
