package io.zitipekko.actors.leftover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.model.writer.InMemoryModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeftoverKeeperTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 600;

    private final InMemoryModel model = InMemoryModel.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void manyOfEverything() {
        propose(
                Samples.put(Samples.identity("ann")),
                Samples.put(Samples.identity("bob")),
                Samples.put(Samples.certificate("a1", "ann")),
                Samples.put(Samples.certificate("b1", "bob")),
                Samples.put(Samples.service("web")),
                Samples.put(Samples.service("mail")),
                Samples.put(Samples.router("r1", false)),
                Samples.put(Cas.TYPE, Samples.ca("ca1", true)),
                Samples.put(Cas.TYPE, Samples.ca("ca2", true)),
                Samples.put(Samples.router("r2", false)));
        List<Change> many = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            many.add(Samples.put(Samples.apiSession("as" + i, "ann", "a1")));
            many.add(Samples.put(ApiSessionCertificates.TYPE, Samples.apiSessionCertificate("c" + i, "as" + i)));
            many.add(Samples.put(Samples.session("one" + i, "as0", "ann", "web")));
            many.add(Samples.put(Samples.session("each" + i, "as" + i, "ann", "web")));
            many.add(Samples.put(Samples.terminator("t" + i, "web", "r1")));
            many.add(Samples.put(Samples.identity("guest" + i)));
            many.add(Samples.put(Samples.invitation("i" + i, "guest" + i, "ca1")));
        }
        propose(many.toArray(Change[]::new));
        propose(
                Samples.put(Samples.apiSession("stays", "bob", "b1")),
                Samples.put(Samples.session("stays", "stays", "bob", "mail")),
                Samples.put(Samples.terminator("stays", "mail", "r2")),
                Samples.put(Samples.invitation("stays", "bob", "ca2")));
    }

    /** What is deleted, and what belongs to it. */
    record Case(EntityType<?> type, String id, List<EntityType<?>> gone) {}

    static Stream<Case> whatHasThousandsOfDependants() {
        return Stream.of(
                new Case(Identities.TYPE, "ann", List.of(ApiSessions.TYPE, ApiSessionCertificates.TYPE, Sessions.TYPE)),
                new Case(
                        Authenticators.TYPE,
                        "a1",
                        List.of(ApiSessions.TYPE, ApiSessionCertificates.TYPE, Sessions.TYPE)),
                new Case(Services.TYPE, "web", List.of(Sessions.TYPE, Terminators.TYPE)),
                new Case(EdgeRouters.TYPE, "r1", List.of(Terminators.TYPE)),
                new Case(Cas.TYPE, "ca1", List.of(Enrollments.TYPE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatHasThousandsOfDependants")
    void whatADeletedEntityLeftIsRemovedInSmallBatchesAndNothingElse(Case what) {
        KIT.spawn(LeftoverKeeper.create(model));
        AtomicInteger largest = new AtomicInteger();
        model.subscribe(
                commit -> largest.accumulateAndGet(commit.changeSet().changes().size(), Math::max));

        propose(Samples.delete(what.type(), what.id()));

        awaitOnlyTheOthersAreLeft(what.gone());
        assertThat(largest.get()).isBetween(100, 400);
    }

    @Test
    void aServiceSessionGoesWithItsApiSessionThoughThereAreThousands() {
        KIT.spawn(LeftoverKeeper.create(model));

        propose(Samples.delete(ApiSessions.TYPE, "as0"));

        await().atMost(SOON).until(() -> model.view()
                .findAll(Sessions.TYPE, Sessions.BY_API_SESSION, "as0")
                .isEmpty());
        assertThat(model.view().count(ApiSessions.TYPE)).isEqualTo(MANY);
    }

    @Test
    void whatAKeeperThatFailedHadBegunIsFinishedByTheNext() {
        FailingModel failing = new FailingModel(model, 2);
        ActorRef<LeftoverKeeper.Command> first = KIT.spawn(LeftoverKeeper.create(failing));
        propose(Samples.delete(Identities.TYPE, "ann"));
        await().atMost(SOON).until(() -> failing.refused.get() > 0);
        KIT.stop(first);
        assertThat(model.view().count(ApiSessions.TYPE)).as("half-way").isGreaterThan(1);

        KIT.spawn(LeftoverKeeper.create(model));

        awaitOnlyTheOthersAreLeft(List.of(ApiSessions.TYPE, ApiSessionCertificates.TYPE, Sessions.TYPE));
    }

    @Test
    void aKeeperThatFindsNoLeaderTriesAgain() {
        FailingModel failing = new FailingModel(model, 2);
        KIT.spawn(LeftoverKeeper.create(failing));
        propose(Samples.delete(Identities.TYPE, "ann"));
        await().atMost(SOON).until(() -> failing.refused.get() > 0);

        failing.admitted.set(Integer.MAX_VALUE);

        awaitOnlyTheOthersAreLeft(List.of(ApiSessions.TYPE, ApiSessionCertificates.TYPE, Sessions.TYPE));
    }

    private void awaitOnlyTheOthersAreLeft(List<EntityType<?>> gone) {
        await().atMost(SOON).untilAsserted(() -> assertThat(gone)
                .allSatisfy(type -> assertThat(model.view().count(type))
                        .as(type.name())
                        .isEqualTo(type == ApiSessionCertificates.TYPE ? 0 : 1)));
    }

    private void propose(Change... changes) {
        model.propose(Samples.proposal(changes)).toCompletableFuture().join();
    }
}
