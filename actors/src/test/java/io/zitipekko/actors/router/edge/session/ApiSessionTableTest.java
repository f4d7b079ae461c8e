package io.zitipekko.actors.router.edge.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.ControllerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ApiSessionTableTest {
    private static final ControllerId CONTROLLER = new ControllerId("ctrl1");

    private final ApiSessionTable table = new ApiSessionTable();
    private final List<String> removed = new ArrayList<>();

    ApiSessionTableTest() {
        table.listen(session -> removed.add(session.id().value()));
    }

    private static LegacyApiSession session(String id) {
        return new LegacyApiSession(
                new ApiSessionId(id), "token of " + id, new IdentityId("identity"), Set.of(), CONTROLLER);
    }

    private CompletableFuture<Optional<LegacyApiSession>> awaiting(String id, Duration timeout) {
        return table.await("token of " + id, session -> true, timeout).toCompletableFuture();
    }

    @Test
    void sessionsAreFoundByTheirTokenOnly() {
        table.put(List.of(session("s1")));

        assertThat(table.find("token of s1")).map(LegacyApiSession::id).contains(new ApiSessionId("s1"));
        assertThat(table.find("s1")).isEmpty();
        assertThat(table.find("")).isEmpty();
    }

    @Test
    void whoeverWaitsForASessionGetsItWhenItIsAnnounced() {
        CompletableFuture<Optional<LegacyApiSession>> waiting = awaiting("s1", Duration.ofMinutes(1));

        table.put(List.of(session("s0")));
        assertThat(waiting).isNotDone();
        table.put(List.of(session("s1")));

        assertThat(waiting.join()).isPresent();
    }

    @Test
    void waitingEndsWithNothingAfterItsTime() {
        assertThat(awaiting("s1", Duration.ofMillis(10)).join()).isEmpty();
    }

    @Test
    void removalByTokenAndByIdIsToldOnce() {
        table.put(List.of(session("s1"), session("s2"), session("s3")));

        table.remove(List.of("token of s1", "unknown"), List.of(new ApiSessionId("s1"), new ApiSessionId("s2")));

        assertThat(removed).containsExactly("s1", "s2");
        assertThat(table.size()).isOne();
    }

    @Test
    void aFullListRemovesWhatIsMissingUnlessItIsYounger() {
        table.put(List.of(session("s1"), session("s2"), session("s9")));

        table.synchronize(CONTROLLER, List.of(session("s2"), session("s5")));

        assertThat(removed).containsExactly("s1");
        assertThat(table.find("token of s9")).isPresent();
        assertThat(table.find("token of s5")).isPresent();
    }

    @Test
    void aFullListSaysNothingOfWhatOthersAnnounced() {
        table.put(List.of(session("s1")));

        table.synchronize(new ControllerId("another"), List.of());
        table.synchronize(CONTROLLER, List.of());

        assertThat(removed).isEmpty();
    }

    @Test
    @DisplayName("CVE-2023-47390: bearer tokens were written to the log")
    void itsTextHidesTheToken() {
        assertThat(session("s1").toString()).contains("s1").doesNotContain("token of s1");
    }

    @Test
    void whatEndedWhileTheControllerWasAwayGoesWithItsNextListEvenTheNewest() {
        table.put(List.of(session("s1"), session("s2"), session("s3")));

        table.reconnected(CONTROLLER);
        table.put(List.of(session("s5")));
        table.synchronize(CONTROLLER, List.of(session("s1")));

        assertThat(removed).containsExactlyInAnyOrder("s2", "s3");
        assertThat(table.find("token of s5")).as("announced since").isPresent();
    }

    @Test
    void anEmptyListTakesAllThatWasThereBefore() {
        table.put(List.of(session("s1")));

        table.reconnected(CONTROLLER);
        table.synchronize(CONTROLLER, List.of());

        assertThat(removed).containsExactly("s1");
    }
}
