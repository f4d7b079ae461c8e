package io.zitipekko.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {
    private static final List<Thing> HUNDREDS = IntStream.range(0, 1200)
            .mapToObj(i ->
                    Thing.of(String.format("%05d", i), "n" + (i * 7919) % 1200).cost(i % 10))
            .toList();

    @ParameterizedTest
    @CsvSource(
            value = {
                ",,10,0",
                "0,,10,0",
                "-2,,10,0",
                "-1,,9223372036854775807,0",
                "500,,500,0",
                "501,,500,0",
                "7,3,7,3",
                ",5,10,5",
                "5,-1,5,0",
                "5,200000,5,100000"
            })
    void windowsAreNormalised(Long limit, Long offset, long expectedLimit, long expectedOffset) {
        Window window = Window.of(
                Query.all(),
                limit == null ? OptionalLong.empty() : OptionalLong.of(limit),
                offset == null ? OptionalLong.empty() : OptionalLong.of(offset));

        assertThat(window).isEqualTo(new Window(expectedLimit, expectedOffset));
    }

    @Test
    void pagingInsideTheFilterWins() {
        Query<Thing> query = query("true skip 4 limit 2", "");

        assertThat(Window.of(query, OptionalLong.of(50), OptionalLong.of(60))).isEqualTo(new Window(2, 4));
        assertThat(Window.of(query("limit none", ""), OptionalLong.of(5), OptionalLong.empty())
                        .limit())
                .isEqualTo(Window.UNLIMITED);
    }

    @Test
    void theTotalCountsAllMatches() {
        Page<Thing> page = page("cost = 3", "", 5, 2);

        assertThat(page.total()).isEqualTo(120);
        assertThat(page.items()).extracting(Thing::id).containsExactly("00023", "00033", "00043", "00053", "00063");
    }

    @Test
    void aWindowPastTheEndIsEmptyAndStillCounts() {
        assertThat(page("", "", 10, 5000)).satisfies(page -> {
            assertThat(page.items()).isEmpty();
            assertThat(page.total()).isEqualTo(1200);
        });
        assertThat(page("", "name", 10, 5000).items()).isEmpty();
    }

    @Test
    void sortingAgreesWithSortingEverythingForEveryWindow() {
        Comparator<Thing> expected = Comparator.comparingLong((Thing t) -> -t.cost())
                .thenComparing((Thing t) -> String.valueOf(t.name()))
                .thenComparing(Thing::id);
        List<Thing> sorted = HUNDREDS.stream().sorted(expected).toList();
        List<Thing> shuffled = new ArrayList<>(HUNDREDS);
        Collections.shuffle(shuffled, new Random(1));

        for (int[] window : new int[][] {{10, 0}, {1, 0}, {100, 50}, {500, 700}, {10, 1195}}) {
            Page<Thing> page = Page.of(
                    shuffled,
                    query("true", "cost desc, name asc"),
                    new Window(window[0], window[1]),
                    Thing.TABLE,
                    Thing.VIEW);
            assertThat(page.items()).isEqualTo(sorted.subList(window[1], Math.min(1200, window[1] + window[0])));
            assertThat(page.total()).isEqualTo(1200);
        }
    }

    @Test
    void theFilterOrderWinsAndIdsBreakTies() {
        Query<Thing> query = query("true sort by cost desc", "name asc");

        Page<Thing> page = Page.of(HUNDREDS, query, new Window(3, 0), Thing.TABLE, Thing.VIEW);

        assertThat(page.items()).extracting(Thing::id).containsExactly("00009", "00019", "00029");
    }

    @Test
    void missingValuesSortFirst() {
        List<Thing> things = List.of(Thing.of("1", "b"), Thing.of("2", null), Thing.of("3", "a"));

        assertThat(ids(things, "name")).containsExactly("2", "3", "1");
        assertThat(ids(things, "name desc")).containsExactly("1", "3", "2");
        assertThat(ids(things, "id desc")).containsExactly("3", "2", "1");
    }

    @Test
    void ordersThatMakeNoSenseAreRefusedAndExtraFieldsAreDropped() {
        for (String sort : List.of("nope", "roleAttributes", "owner.name", "name up", "name,", "5")) {
            assertThatThrownBy(() -> query("", sort))
                    .isInstanceOfSatisfying(InvalidQueryException.class, e -> assertThat(e.part())
                            .isEqualTo(InvalidQueryException.Part.SORT));
        }
        assertThat(query("", "name,cost,isAdmin,seenAt,tags.a,id").order()).hasSize(5);
        assertThat(query("", "name  asc").order()).hasSize(1);
        assertThat(query("", "NAME".toLowerCase(java.util.Locale.ROOT) + " DESC")
                        .order()
                        .get(0)
                        .descending())
                .isTrue();
    }

    @Test
    void aPageInNaturalOrderLooksAtNothingBehindIt() {
        int[] looked = {0};
        AbstractCollection<Thing> counting = new AbstractCollection<>() {
            @Override
            public Iterator<Thing> iterator() {
                Iterator<Thing> inner = HUNDREDS.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return inner.hasNext();
                    }

                    @Override
                    public Thing next() {
                        looked[0]++;
                        return inner.next();
                    }
                };
            }

            @Override
            public int size() {
                return HUNDREDS.size();
            }
        };

        Page<Thing> page = Page.of(counting, query("", "id asc"), new Window(10, 50), Thing.TABLE, Thing.VIEW);

        assertThat(page.items()).hasSize(10);
        assertThat(page.total()).isEqualTo(1200);
        assertThat(looked[0]).isEqualTo(60);
    }

    private static List<String> ids(List<Thing> things, String sort) {
        return Page.of(things, query("", sort), new Window(100, 0), Thing.TABLE, Thing.VIEW).items().stream()
                .map(Thing::id)
                .toList();
    }

    private static Page<Thing> page(String filter, String sort, long limit, long offset) {
        return Page.of(HUNDREDS, query(filter, sort), new Window(limit, offset), Thing.TABLE, Thing.VIEW);
    }

    private static Query<Thing> query(String filter, String sort) {
        return QueryParser.parse(Thing.TABLE, filter, sort);
    }
}
