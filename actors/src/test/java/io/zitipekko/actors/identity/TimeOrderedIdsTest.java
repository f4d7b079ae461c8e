package io.zitipekko.actors.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
    @Test
    void idsSortInTheOrderInWhichTheyWereMadeAlsoWhenTimeStandsStillAndTheCounterTurnsOver() {
        TimeOrderedIds ids = new TimeOrderedIds(InstantSource.fixed(java.time.Instant.parse("2026-11-22T10:00:00Z")));
        List<String> made = new ArrayList<>();

        for (int i = 0; i < 1_700_000; i++) {
            String id = ids.next();
            if (i % 100_000 == 0 || i > 1_679_600 && i < 1_679_650) {
                made.add(id);
            }
        }

        assertThat(made).isSorted();
        assertThat(new HashSet<>(made)).hasSameSizeAs(made);
        assertThat(made).allSatisfy(id -> assertThat(id).hasSize(25).matches("c[0-9a-z]+"));
    }
}
