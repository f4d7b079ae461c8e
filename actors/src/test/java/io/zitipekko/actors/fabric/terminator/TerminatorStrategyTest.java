package io.zitipekko.actors.fabric.terminator;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.fabric.terminator.TerminatorStrategy.Candidate;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Precedence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TerminatorStrategyTest {
    private final Random random = new Random(1);

    @Test
    void precedenceWinsOverAnyCost() {
        List<Candidate> candidates = List.of(
                candidate("cheap", Precedence.FAILED, 0),
                candidate("middle", Precedence.DEFAULT, 5),
                candidate("dear", Precedence.REQUIRED, 1_000_000));

        assertThat(chosen(TerminatorStrategy.SMARTROUTING, candidates, Map.of()))
                .isEqualTo("dear");
    }

    @Test
    void bandsAreThoseOfTheBook() {
        assertThat(candidate("t", Precedence.REQUIRED, 3).biasedCost()).isEqualTo(3);
        assertThat(candidate("t", Precedence.DEFAULT, 3).biasedCost()).isEqualTo(1073741823L + 3);
        assertThat(candidate("t", Precedence.FAILED, 3).biasedCost()).isEqualTo(2147483646L + 3);
    }

    @Test
    void smartRoutingTakesTheCheapest() {
        List<Candidate> candidates =
                List.of(candidate("dear", Precedence.DEFAULT, 9), candidate("cheap", Precedence.DEFAULT, 3));

        assertThat(chosen(TerminatorStrategy.SMARTROUTING, candidates, Map.of()))
                .isEqualTo("cheap");
    }

    @Test
    void randomAndWeightedStayWithinTheBestPrecedence() {
        List<Candidate> candidates = List.of(
                candidate("a", Precedence.DEFAULT, 10),
                candidate("b", Precedence.DEFAULT, 30),
                candidate("failed", Precedence.FAILED, 0));

        for (TerminatorStrategy strategy : List.of(TerminatorStrategy.RANDOM, TerminatorStrategy.WEIGHTED)) {
            Map<String, Long> count = IntStream.range(0, 400)
                    .mapToObj(i -> chosen(strategy, candidates, Map.of()))
                    .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
            assertThat(count).containsOnlyKeys("a", "b");
            if (strategy == TerminatorStrategy.WEIGHTED) {
                assertThat(count.get("a")).as("cheaper is likelier").isGreaterThan(2 * count.get("b"));
            }
        }
    }

    @Test
    void stickyKeepsTheTerminatorOfTheTokenWhileItIsOfTheBestPrecedence() {
        Candidate cheap = candidate("cheap", Precedence.DEFAULT, 1);
        Candidate dear = candidate("dear", Precedence.DEFAULT, 9);
        Candidate failed = candidate("failed", Precedence.FAILED, 0);

        assertThat(chosen(TerminatorStrategy.STICKY, List.of(cheap, dear, failed), token("dear")))
                .isEqualTo("dear");
        assertThat(chosen(TerminatorStrategy.STICKY, List.of(cheap, dear, failed), token("failed")))
                .isEqualTo("cheap");
        assertThat(TerminatorStrategy.STICKY
                        .choose(List.of(cheap), Map.of(), random)
                        .peerData())
                .containsEntry(1114, "cheap".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void unknownNamesAreNoStrategy() {
        assertThat(TerminatorStrategy.named("ha")).isEmpty();
        assertThat(TerminatorStrategy.named("SmartRouting")).isEmpty();
        assertThat(TerminatorStrategy.named("sticky")).contains(TerminatorStrategy.STICKY);
    }

    @Test
    void dialCostFollowsCircuitsAndFailuresAndForgives() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        DialCost cost = new DialCost();

        cost.circuitOpened();
        cost.circuitOpened();
        cost.failed(now);
        cost.failed(now);
        assertThat(cost.value(now)).isEqualTo(2 * 2 + 2 * 20);

        cost.succeeded(now);
        cost.circuitClosed();
        assertThat(cost.value(now)).isEqualTo(2 + 38);
        assertThat(cost.value(now.plus(Duration.ofMinutes(1)))).isEqualTo(2 + 28);
        assertThat(cost.value(now.plus(Duration.ofMinutes(4)))).isEqualTo(2);
    }

    private String chosen(TerminatorStrategy strategy, List<Candidate> candidates, Map<Integer, byte[]> data) {
        return strategy.choose(candidates, data, random)
                .candidate()
                .terminator()
                .id()
                .value();
    }

    private static Map<Integer, byte[]> token(String id) {
        return Map.of(TerminatorStrategy.STICKINESS_TOKEN, id.getBytes(StandardCharsets.UTF_8));
    }

    private static Candidate candidate(String id, Precedence precedence, long cost) {
        return new Candidate(Samples.terminator(id, "service", "router"), precedence, cost);
    }
}
