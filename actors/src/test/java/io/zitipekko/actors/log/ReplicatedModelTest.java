package io.zitipekko.actors.log;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.log.ModelLogSettings.SnapshotPolicy;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Model.Commit;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.actors.model.type.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatedModelTest {
    @TempDir
    Path folder;

    private TestControllers controllers;

    @BeforeEach
    void open() {
        controllers = new TestControllers(folder);
    }

    @AfterEach
    void close() {
        controllers.close();
    }

    private static Commit commit(Model model, Change... changes) {
        return TestControllers.await(model.propose(proposal(changes)).toCompletableFuture());
    }

    /** One of every kind, with everything set that can be. */
    private static void fill(Model model) {
        commit(
                model,
                put(config("c1", "NH5p4FpGR", "{\"protocol\":\"tcp\",\"address\":\"localhost\",\"port\":80}")),
                put(service("s1", "web", List.of(new ConfigId("c1")), "web")),
                put(router("r1", true, "east")),
                put(administrator("admin")),
                put(hosting(identity("i1", "sales"), "s1", java.util.Map.of("NH5p4FpGR", "c1"))),
                put(certificate("a1", "i1")),
                put(password("a2", "i1", "joe")),
                put(enrollment("e1", "admin", "t1")),
                put(routerEnrollment("e2", "r1", "t2")),
                put(servicePolicy(
                        "p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("#sales", "@admin"), List.of("#all"))),
                put(edgeRouterPolicy("p2", Semantic.ALL_OF, List.of("#all"), List.of("#east"))),
                put(serviceEdgeRouterPolicy("p3", Semantic.ANY_OF, List.of("#all"), List.of("#all"))),
                put(postureCheck("pc1", new PostureCheck.Domains(List.of("corp.example")), "corp")),
                put(terminator("t1", "s1", "r1")),
                put(apiSession("as1", "i1", "a1")),
                put(ApiSessionCertificates.TYPE, apiSessionCertificate("asc1", "as1")),
                put(session("se1", "as1", "i1", "s1")));
    }

    private static void assertSame(ModelView actual, ModelView expected) {
        assertThat(actual.index()).isEqualTo(expected.index());
        assertThat(actual.timelineId()).isEqualTo(expected.timelineId());
        for (var type : EntityTypes.all()) {
            assertThat(new ArrayList<Object>(actual.all(type)))
                    .as(type.name())
                    .isEqualTo(new ArrayList<Object>(expected.all(type)));
        }
    }

    @Test
    void beginsWithTheBuiltInDataAndAppliesWhatItAcknowledged() {
        ReplicatedModel model = controllers.startAlone("n1");
        long before = model.view().index();

        Commit commit = commit(model, put(service("s1")));

        assertThat(before).isEqualTo(1);
        assertThat(commit.after().index()).isEqualTo(2);
        assertThat(model.view().get(Services.TYPE, new ServiceId("s1"))).contains(service("s1"));
    }

    @Test
    void losesNothingByARestart() {
        ReplicatedModel first = controllers.startAlone("n1");
        fill(first);
        ModelView before = first.view();
        controllers.stop("n1");

        ReplicatedModel second = controllers.startAlone("n1");

        assertSame(second.view(), before);
        assertThat(second.view().policies().allows(new IdentityId("i1"), new ServiceId("s1"), PolicyType.DIAL))
                .isTrue();
        assertThat(commit(second, delete(Services.TYPE, "s1")).after().index()).isEqualTo(before.index() + 1);
    }

    @Test
    void losesNothingWhenItIsKilled() throws IOException {
        ReplicatedModel first = controllers.startAlone("n1");
        fill(first);
        ModelView before = first.view();
        // What a killed process leaves is what its files hold while it runs.
        Path copy = folder.resolve("copy");
        copyTree(controllers.dataDir("n1"), copy.resolve("n1"));

        try (TestControllers others = new TestControllers(copy)) {
            assertSame(others.startAlone("n1").view(), before);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Test
    void refusesLikeTheWriterDoes() {
        ReplicatedModel model = controllers.startAlone("n1");
        commit(model, put(service("s1", "web", List.of())));

        assertThatThrownBy(() -> commit(model, put(service("s2", "web", List.of()))))
                .cause()
                .isInstanceOfSatisfying(ModelException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(ModelException.Kind.NOT_UNIQUE);
                    assertThat(refusal.field()).contains("name");
                    assertThat(refusal.value()).contains("web");
                });
    }

    @Test
    void admitsOneOfAHundredParallelUsesOfAToken() {
        ReplicatedModel model = controllers.startAlone("n1");
        commit(model, put(identity("i1")), put(enrollment("e1", "i1", "t1")));

        List<CompletableFuture<Boolean>> uses = IntStream.range(0, 100)
                .mapToObj(attempt -> model.propose(
                                proposal(delete(Enrollments.TYPE, "e1"), put(certificate("a" + attempt, "i1"))))
                        .handle((commit, refusal) -> refusal == null)
                        .toCompletableFuture())
                .toList();

        assertThat(uses.stream().filter(TestControllers::await).count()).isEqualTo(1);
    }

    @Test
    void tellsSubscribersOfEveryIndexInOrderUnderLoad() {
        ReplicatedModel model = controllers.startAlone("n1");
        List<Long> indexes = java.util.Collections.synchronizedList(new ArrayList<>());
        model.subscribe(commit -> indexes.add(commit.after().index()));

        List<CompletableFuture<Commit>> writes = IntStream.range(0, 500)
                .mapToObj(i -> model.propose(proposal(put(service("s" + i)))).toCompletableFuture())
                .toList();
        writes.forEach(TestControllers::await);

        assertThat(indexes)
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.rangeClosed(2, 501).boxed().toList());
    }

    @Test
    void writesSnapshotsAndDropsTheLogBehindThem() throws IOException {
        controllers = new TestControllers(folder, new SnapshotPolicy(200, 1L << 30));
        ReplicatedModel first = controllers.startAlone("n1");
        fill(first);
        for (int round = 0; round < 400; round++) {
            commit(first, put(service("x" + round)));
        }
        Path raft = controllers.dataDir("n1").resolve("raft").resolve(TestControllers.GROUP.toString());
        Awaitility.await().untilAsserted(() -> assertThat(files(raft.resolve("sm")))
                .anyMatch(name -> name.matches("snapshot\\.\\d+_\\d+")));
        ModelView before = first.view();
        controllers.stop("n1");
        assertThat(files(raft.resolve("sm"))).anyMatch(name -> name.endsWith(".md5"));

        ReplicatedModel second = controllers.startAlone("n1");

        assertSame(second.view(), before);
    }

    private static List<String> files(Path in) throws IOException {
        try (Stream<Path> list = Files.list(in)) {
            return list.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void threeMembersAgreeAndTakeWritesAnywhere() {
        controllers.startCluster("n1", "n2", "n3");

        for (int i = 0; i < 10; i++) {
            for (String node : controllers.nodes()) {
                ReplicatedModel model = controllers.model(node);
                Commit commit = commit(model, put(service(node + "-" + i)));
                assertThat(model.view().index())
                        .as("a write is in the view of the node that took it")
                        .isGreaterThanOrEqualTo(commit.after().index());
            }
        }

        Awaitility.await()
                .untilAsserted(() -> assertThat(controllers.model("n1").view().count(Services.TYPE))
                        .isEqualTo(30));
        for (String node : List.of("n2", "n3")) {
            Awaitility.await()
                    .untilAsserted(() -> assertSame(
                            controllers.model(node).view(),
                            controllers.model("n1").view()));
        }
    }

    @Test
    void talksOverMutualTls() {
        controllers = TestControllers.overTls(folder);
        controllers.startCluster("n1", "n2", "n3");

        for (String node : controllers.nodes()) {
            commit(controllers.model(node), put(service(node)));
        }

        for (String node : controllers.nodes()) {
            Awaitility.await().untilAsserted(() -> assertThat(
                            controllers.model(node).view().count(Services.TYPE))
                    .isEqualTo(3));
        }
    }

    @Test
    void carriesRefusalsAndExpectationsBetweenMembers() {
        controllers.startCluster("n1", "n2", "n3");
        String leader = controllers.model("n1").leader().orElseThrow();
        String follower = controllers.nodes().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
        ReplicatedModel model = controllers.model(follower);
        fill(model);
        Service before = model.view().get(Services.TYPE, new ServiceId("s1")).orElseThrow();

        commit(model, replace(Services.TYPE, before, service("s1", "renamed", List.of())));

        assertThatThrownBy(() -> commit(model, replace(Services.TYPE, before, service("s1", "again", List.of()))))
                .cause()
                .isInstanceOfSatisfying(ModelException.class, refusal -> assertThat(refusal.kind())
                        .isEqualTo(ModelException.Kind.CONFLICT));
    }

    @Test
    void survivesTheLossOfItsLeaderWithoutLosingAnAcknowledgedWrite() {
        controllers.startCluster("n1", "n2", "n3");
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            commit(controllers.model("n1"), put(service("before-" + i)));
            acknowledged.add("before-" + i);
        }
        String leader = controllers.model("n1").leader().orElseThrow();

        controllers.kill(leader);
        List<String> survivors = controllers.nodes();
        for (int i = 0; i < 20; i++) {
            commit(controllers.model(survivors.get(i % 2)), put(service("after-" + i)));
            acknowledged.add("after-" + i);
        }
        ReplicatedModel back = controllers.restart(leader);

        for (String node : controllers.nodes()) {
            Awaitility.await().untilAsserted(() -> assertThat(
                            controllers.model(node).view().all(Services.TYPE))
                    .extracting(Service::name)
                    .containsExactlyInAnyOrderElementsOf(acknowledged));
        }
        assertThat(back.view().timelineId())
                .isEqualTo(controllers.model(survivors.get(0)).view().timelineId());
    }

    @Test
    void catchesUpFromASnapshotWhenTheLogIsGone() {
        controllers = new TestControllers(folder, new SnapshotPolicy(100, 1L << 30));
        controllers.startCluster("n1", "n2", "n3");
        String leader = controllers.model("n1").leader().orElseThrow();
        String late = controllers.nodes().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
        controllers.stop(late);
        for (int i = 0; i < 600; i++) {
            commit(controllers.model(leader), put(service("s" + i)));
        }

        ReplicatedModel back = controllers.restart(late);

        Awaitility.await()
                .untilAsserted(
                        () -> assertSame(back.view(), controllers.model(leader).view()));
    }
}
