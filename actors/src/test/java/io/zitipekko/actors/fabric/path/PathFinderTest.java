package io.zitipekko.actors.fabric.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.model.id.RouterId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PathFinderTest {
    private static final RouterId A = new RouterId("a");
    private static final RouterId B = new RouterId("b");
    private static final RouterId C = new RouterId("c");

    @Test
    void sameRouterIsAPathOfOneNodeAndNoCost() {
        Path path = topology(List.of(node(A))).shortestPath(A, A).orElseThrow();

        assertThat(path).isEqualTo(new Path(List.of(A), List.of(), 0));
    }

    @Test
    void hopCostsItsLinkAndTheRouterItLeadsTo() {
        Topology topology = topology(List.of(node(A), new Topology.Node(B, 33, false)), link("ab", A, B, 7));

        assertThat(topology.shortestPath(A, B).orElseThrow().cost()).isEqualTo(7 + 33);
        assertThat(topology.shortestPath(B, A).orElseThrow().cost())
                .as("routers cost at least minRouterCost")
                .isEqualTo(7 + 10);
    }

    @Test
    void longerWayIsTakenWhenItIsCheaper() {
        Topology topology = topology(
                List.of(node(A), node(B), node(C)), link("ac", A, C, 1000), link("ab", A, B, 5), link("bc", B, C, 5));

        assertThat(topology.shortestPath(A, C).orElseThrow())
                .isEqualTo(new Path(List.of(A, B, C), List.of(new LinkId("ab"), new LinkId("bc")), 30));
    }

    @Test
    void cheapestOfSeveralLinksIsTaken() {
        Topology topology = topology(List.of(node(A), node(B)), link("dear", A, B, 50), link("cheap", B, A, 5));

        assertThat(topology.shortestPath(A, B).orElseThrow().links()).containsExactly(new LinkId("cheap"));
    }

    @Test
    void routerWithoutTraversalIsOnlyFirstOrLast() {
        Topology topology = topology(
                List.of(node(A), new Topology.Node(B, 0, true), node(C)), link("ab", A, B, 1), link("bc", B, C, 1));

        assertThat(topology.shortestPath(A, C)).isEmpty();
        assertThat(topology.shortestPath(A, B)).isPresent();
        assertThat(topology.shortestPath(B, C)).isPresent();
    }

    @Test
    void linksThatAreDownOrFailedAreNotUsed() {
        LinkStatus down = new LinkStatus(
                new LinkId("ab"),
                1,
                A,
                B,
                "tls",
                "",
                LinkStatus.State.CONNECTED,
                true,
                1,
                Duration.ZERO,
                Duration.ZERO,
                1,
                List.of());
        LinkStatus failed = new LinkStatus(
                new LinkId("ba"),
                1,
                B,
                A,
                "tls",
                "",
                LinkStatus.State.FAILED,
                false,
                1,
                Duration.ZERO,
                Duration.ZERO,
                1,
                List.of());

        assertThat(topology(List.of(node(A), node(B)), down, failed).shortestPath(A, B))
                .isEmpty();
    }

    @Test
    void routerThatIsNotConnectedIsNeverOnAPath() {
        Topology topology = topology(List.of(node(A), node(C)), link("ab", A, B, 1), link("bc", B, C, 1));

        assertThat(topology.shortestPath(A, C)).isEmpty();
        assertThat(topology.shortestPath(A, B)).isEmpty();
    }

    @Test
    void costOfTwoToThe31IsUnreachable() {
        assertThat(topology(List.of(node(A), node(B)), link("ab", A, B, (1L << 31) - 11))
                        .shortestPath(A, B))
                .isPresent();
        assertThat(topology(List.of(node(A), node(B)), link("ab", A, B, (1L << 31) - 10))
                        .shortestPath(A, B))
                .isEmpty();
    }

    @Test
    void costOfAGivenPathIsThatOfItsOwnLinks() {
        LinkStatus[] links = {link("dear", A, B, 50), link("cheap", A, B, 5)};
        Topology topology = topology(List.of(node(A), node(B)), links);
        Map<LinkId, LinkStatus> byId = Stream.of(links).collect(Collectors.toMap(LinkStatus::id, Function.identity()));

        assertThat(topology.costOf(new Path(List.of(A, B), List.of(new LinkId("dear")), 0), byId))
                .contains(60L);
        assertThat(topology.costOf(new Path(List.of(A, B), List.of(new LinkId("gone")), 0), byId))
                .isEmpty();
    }

    private static Topology topology(List<Topology.Node> nodes, LinkStatus... links) {
        return Topology.of(nodes, List.of(links), 10);
    }

    private static Topology.Node node(RouterId id) {
        return new Topology.Node(id, 0, false);
    }

    private static LinkStatus link(String id, RouterId from, RouterId to, long cost) {
        return new LinkStatus(
                new LinkId(id),
                1,
                from,
                to,
                "tls",
                "",
                LinkStatus.State.CONNECTED,
                false,
                1,
                Duration.ZERO,
                Duration.ZERO,
                cost,
                List.of());
    }
}
