package io.zitipekko.actors.model.writer;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Model.Commit;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemoryModelTest {
    private final InMemoryModel model = InMemoryModel.create();

    @Test
    void admitsOneOfManyConcurrentUsesOfAToken() {
        model.propose(proposal(put(identity("i1")), put(enrollment("e1", "i1", "t1"))))
                .toCompletableFuture()
                .join();

        long used = IntStream.range(0, 100)
                .mapToObj(attempt ->
                        CompletableFuture.supplyAsync(() -> model.propose(proposal(delete(Enrollments.TYPE, "e1")))
                                .handle((commit, refusal) -> refusal == null)
                                .toCompletableFuture()
                                .join()))
                .toList()
                .stream()
                .filter(CompletableFuture::join)
                .count();

        assertThat(used).isEqualTo(1);
    }

    @Test
    void admitsOneOfManyConcurrentHoldersOfAName() {
        long created = IntStream.range(0, 50)
                .mapToObj(attempt -> CompletableFuture.supplyAsync(
                        () -> model.propose(proposal(put(service("s" + attempt, "web", List.of()))))
                                .handle((commit, refusal) -> refusal == null)
                                .toCompletableFuture()
                                .join()))
                .toList()
                .stream()
                .filter(CompletableFuture::join)
                .count();

        assertThat(created).isEqualTo(1);
        assertThat(model.view().count(Services.TYPE)).isEqualTo(1);
    }

    @Test
    void tellsSubscribersOfEveryChangeInOrderUntilTheyLeave() {
        List<Commit> seen = new ArrayList<>();
        Model.Subscription subscription = model.subscribe(seen::add);

        model.propose(proposal(put(service("s1"))));
        model.propose(proposal(put(service("s2"))));
        subscription.close();
        model.propose(proposal(put(service("s3"))));

        assertThat(seen).extracting(commit -> commit.after().index()).containsExactly(2L, 3L);
        assertThat(seen).extracting(commit -> commit.before().index()).containsExactly(1L, 2L);
    }

    @Test
    void takesAProposalFromWithinASubscriber() {
        try (Model.Subscription subscription = model.subscribe(commit -> {
            if (commit.after().count(Services.TYPE) == 1) {
                model.propose(proposal(put(service("s2"))));
            }
        })) {
            model.propose(proposal(put(service("s1"))));
        }

        assertThat(model.view().count(Services.TYPE)).isEqualTo(2);
    }

    @Test
    void keepsOldViewsAsTheyWere() {
        ModelView before = model.view();

        model.propose(proposal(put(service("s1"))));

        assertThat(before.count(Services.TYPE)).isZero();
        assertThat(before.find(Services.TYPE, Services.BY_NAME, "s1")).isEmpty();
        assertThat(model.view().all(Services.TYPE)).containsExactly(service("s1"));
    }
}
