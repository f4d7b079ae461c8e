package io.zitipekko.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.fuzz.Bounds;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters and orders of lists: an {@link InvalidQueryException}, or a filter that can be asked about any record. */
class FilterFuzzTest {
    private record Thing(String id, List<Thing> parts) {}

    private static final SymbolTable<Thing> PARTS = symbols().build();
    private static final SymbolTable<Thing> TABLE =
            symbols().linked("parts", (thing, view) -> thing.parts(), PARTS).build();
    private static final Thing THING = new Thing("1", List.of(new Thing("2", List.of()), new Thing("3", List.of())));

    /** Nothing here looks into the model. */
    private static final ModelView VIEW = (ModelView) Proxy.newProxyInstance(
            Thing.class.getClassLoader(), new Class<?>[] {ModelView.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private static SymbolTable.Builder<Thing> symbols() {
        return SymbolTable.of(Thing::id)
                .string("name", thing -> thing.id().equals("2") ? null : "n" + thing.id())
                .bool("isAdmin", thing -> thing.id().equals("1"))
                .integer("cost", thing -> 10)
                .datetime("seenAt", thing -> Instant.EPOCH)
                .strings("roleAttributes", thing -> List.of("blue", "green"))
                .composite("owner.name", (thing, view) -> "owner-" + thing.id())
                .keyed("tags", thing -> Map.of("env-x", "prod", "n", 5));
    }

    static Stream<byte[]> filters() {
        return Stream.of(
                        "name = \"n1\" and isAdmin or not cost between 9.5 and 10.5 sort by name desc, id skip 1 limit none",
                        "anyOf(roleAttributes) in [\"blue\", \"x\"] and count(parts) = 2",
                        "isEmpty(from parts where cost > 5 limit 1)",
                        "tags.env-x = \"prod\" and tags.n > 1e400",
                        "seenAt < datetime(2026-01-02T03:04:05Z)",
                        "not not not true",
                        "(((true)))",
                        "name icontains \"\\\"\" and allOf(parts) != null",
                        "limit 99999999999999999999")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("filters")
    @DictionaryEntries({
        "anyOf(", "allOf(", "count(", "isEmpty(", "from parts where ", " between ", " and ", " or ", "not ", " in [",
        " contains ", " icontains ", "datetime(", "sort by ", " skip ", " limit ", "null", "true", "roleAttributes",
                "tags.x"
    })
    @FuzzTest
    void aFilterIsRefusedOrCanBeAsked(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Bounds.hold(bytes.length, () -> {
            try {
                Query<Thing> query = QueryParser.parse(TABLE, text, "");
                if (query.filter() != null) {
                    query.filter().test(THING, VIEW);
                }
                assertThat(query.comparator(TABLE, VIEW).compare(THING, THING)).isZero();
            } catch (InvalidQueryException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try {
                QueryParser.parse(TABLE, "", text);
            } catch (InvalidQueryException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }
}
