package io.zitipekko.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Thing ALICE = Thing.of("1", "alice")
            .admin(true)
            .cost(10)
            .seen("2026-01-02T03:04:05Z")
            .roles("blue", "green")
            .parts(Thing.of("p1", "wheel").cost(1), Thing.of("p2", "door").cost(2))
            .tag("env-x", "prod");
    private static final Thing NOBODY = Thing.of("2", null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "TRUE",
                "name = \"alice\"",
                "name=\"alice\"",
                "  name\t=\n\"alice\"  ",
                "'name' = \"alice\"",
                "name != \"bob\"",
                "name > \"alic\"",
                "name >= \"alice\"",
                "name < \"b\"",
                "name <= \"alice\"",
                "name != null",
                "seenAt != null",
                "isAdmin",
                "isAdmin = true",
                "isAdmin != false",
                "not false",
                "NOT NOT true",
                "name contains \"lic\"",
                "name Contains \"lic\"",
                "name icontains \"LIC\"",
                "name not  contains \"x\"",
                "name not   icontains \"x\"",
                "name in [\"bob\",\"alice\"]",
                "name in[ \"bob\" , \"alice\" ]",
                "name not in [\"bob\"]",
                "cost in [1, 10]",
                "cost not in [1, 2]",
                "cost = 10",
                "cost = 10.0",
                "cost = 1e1",
                "cost > 9.5",
                "cost < 10.5",
                "cost between 10 and 11",
                "cost not  between 1 and 10",
                "cost not between 5 and 10",
                "cost between 9.5 and 10.5",
                "seenAt = datetime(2026-01-02T03:04:05Z)",
                "seenAt = datetime(2026-01-02t05:04:05+02:00)",
                "seenAt < datetime(2026-01-02T03:04:05.5Z)",
                "seenAt between datetime(2026-01-02T03:04:05Z) and datetime(2026-01-02T03:04:06Z)",
                "anyOf(roleAttributes) = \"blue\"",
                "ANYOF( roleAttributes )=\"green\"",
                "allOf(roleAttributes) != \"red\"",
                "anyOf(roleAttributes) != \"blue\"",
                "anyOf(roleAttributes) in [\"x\",\"blue\"]",
                "anyOf(roleAttributes) contains \"lu\"",
                "count(roleAttributes) = 2",
                "not isEmpty(roleAttributes)",
                "count(parts) = 2",
                "anyOf(parts) = \"p1\"",
                "not isEmpty(from parts where name = \"wheel\")",
                "isEmpty(from parts where cost > 5)",
                "count(from parts where cost > 5) = 2",
                "not isEmpty(from parts where name = \"wheel\" limit 1)",
                "tags.env-x = \"prod\"",
                "tags.other = null",
                "tags.env-x != 5",
                "owner.name = \"owner-1\"",
                "name = \"alice\" sort by name",
                "(((true)))",
                "( true )"
            })
    void matchesAlice(String filter) {
        assertThat(matches(filter, ALICE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "name = \"bob\"",
                "name contains \"LIC\"",
                "name = \"Alice\"",
                "name < \"alice\"",
                "cost between 9 and 10",
                "name = null",
                "isAdmin = false",
                "allOf(roleAttributes) = \"blue\"",
                "isEmpty(roleAttributes)",
                "isEmpty(from parts where cost = 1)",
                "tags.env-x = 5",
                "tags.env-x = true",
                "name not in [\"alice\"]",
                "seenAt > datetime(2026-01-02T03:04:05Z)"
            })
    void doesNotMatchAlice(String filter) {
        assertThat(matches(filter, ALICE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name = \"x\" | false",
                "name != \"x\" | true",
                "name < \"x\" | false",
                "name >= \"x\" | false",
                "name = null | true",
                "name != null | false",
                "name contains \"x\" | false",
                "name not contains \"x\" | true",
                "name not icontains \"x\" | true",
                "name in [\"x\"] | false",
                "name not in [\"x\"] | false",
                "seenAt != datetime(2026-01-02T03:04:05Z) | true",
                "seenAt between datetime(2026-01-02T03:04:05Z) and datetime(2027-01-02T03:04:05Z) | false",
                "seenAt not between datetime(2026-01-02T03:04:05Z) and datetime(2027-01-02T03:04:05Z) | false",
                "anyOf(roleAttributes) = \"x\" | false",
                "allOf(roleAttributes) = \"x\" | true",
                "count(roleAttributes) = 0 | true",
                "isEmpty(roleAttributes) | true",
                "tags.a != \"x\" | true",
                "tags.a = \"x\" | false",
                "tags.a | false"
            })
    void aMissingValuePassesOnlyNotEqualAndNotContains(String filter, boolean expected) {
        assertThat(matches(filter, NOBODY)).isEqualTo(expected);
    }

    /** Right operands swallow everything: the values tell a left or usual bracketing apart. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false and false or true | false",
                "true or false and false | true",
                "false and true or true | false",
                "(false and true) or true | true",
                "true or true and false | true",
                "not false and false | true",
                "(not false) and false | false",
                "not true or true | false",
                "true and not false and false | true",
                "true and not not false or true | true",
                "false or true and false or true | true",
            })
    void andAndOrHaveNoPrecedence(String filter, boolean expected) {
        assertThat(matches(filter, ALICE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "name =",
                "name = alice",
                "= \"x\"",
                "nope = 1",
                "name = \"a\" && isAdmin",
                "name == \"a\"",
                "tags.env1 = \"x\"",
                "name1 = \"x\"",
                "name = 'alice'",
                "name = \"a\nb\"",
                "name = \"\\x\"",
                "name = \"unclosed",
                "(true",
                "true)",
                "trueand false",
                "true and",
                "and true",
                "not",
                "nottrue",
                "isAdmin > true",
                "isAdmin = 1",
                "isAdmin = \"true\"",
                "cost = \"10\"",
                "cost contains \"1\"",
                "seenAt = \"2026-01-02T03:04:05Z\"",
                "seenAt = datetime(yesterday)",
                "cost in []",
                "cost in [1,\"a\"]",
                "name between \"a\" and \"b\"",
                "name icontains 5",
                "roleAttributes = \"blue\"",
                "anyOf(name) = \"a\"",
                "isEmpty(name)",
                "count(name) = 1",
                "isEmpty(from roleAttributes where true)",
                "isEmpty(from parts where parts = 1)",
                "isEmpty(from parts where nope = 1)",
                "name not  in [\"a\"]",
                "name > null",
                "name contains null",
                "name = tags",
                "tags = \"a\"",
                "limit 1 name",
                "limit x",
                "limit 1.5",
                "skip none",
                "sort by",
                "true sort by name skip",
                "true true",
                "datetime(x)",
                "1 = 1",
                "name=\"a\"and true",
                "name = 01",
                "count(roleAttributes = 1",
                "true sort by nope",
                "DATETIME(2026-01-02T03:04:05Z) = seenAt",
                "name = \"a\" ; true",
                "\u0000",
                "limit 99999999999999999999"
            })
    void isRefused(String filter) {
        assertThatThrownBy(() -> QueryParser.parse(Thing.TABLE, filter, "")).isInstanceOf(InvalidQueryException.class);
    }

    @Test
    void numbersMatchTextByTheirSpelling() {
        assertThat(matches("name = 5", Thing.of("1", "5"))).isTrue();
        assertThat(matches("name contains 5", Thing.of("1", "x5y"))).isTrue();
        assertThat(matches("tags.n = 5", Thing.of("1", "x").tag("n", 5))).isTrue();
        assertThat(matches("tags.n = 5", Thing.of("1", "x").tag("n", 5.0))).isTrue();
        assertThat(matches("tags.n = true", Thing.of("1", "x").tag("n", true))).isTrue();
    }

    @Test
    void escapesAreUndone() {
        assertThat(matches("name = \"a\\\"b\\\\c\\td\"", Thing.of("1", "a\"b\\c\td")))
                .isTrue();
    }

    @Test
    void deepNestingAndLengthAreRefusedBeforeTheyHurt() {
        assertThatThrownBy(() -> QueryParser.parse(Thing.TABLE, "(".repeat(5000) + "true" + ")".repeat(5000), ""))
                .isInstanceOf(InvalidQueryException.class);
        assertThatThrownBy(() -> QueryParser.parse(Thing.TABLE, "true or ".repeat(2001) + "true", ""))
                .isInstanceOf(InvalidQueryException.class);
        assertThatThrownBy(() -> QueryParser.parse(Thing.TABLE, "x".repeat(20_000), ""))
                .isInstanceOf(InvalidQueryException.class);
        assertThat(matches("not ".repeat(1500) + "true", ALICE)).isTrue();
        assertThat(matches("(".repeat(40) + "true" + ")".repeat(40), ALICE)).isTrue();
        assertThat(matches("false or ".repeat(900) + "true", ALICE)).isTrue();
        assertThat(matches("true and not false and ".repeat(300) + "true", ALICE))
                .isNotNull();
    }

    @Property
    void anyTextIsAnswered(@ForAll @StringLength(max = 60) String text) {
        try {
            QueryParser.parse(Thing.TABLE, text, text);
        } catch (InvalidQueryException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Property
    void everyNameCanBeFound(@ForAll @StringLength(max = 30) String name) {
        StringBuilder quoted = new StringBuilder();
        for (char c : name.toCharArray()) {
            if (c < 0x20) {
                return;
            }
            quoted.append(c == '"' || c == '\\' ? "\\" + c : String.valueOf(c));
        }

        assertThat(matches("name = \"" + quoted + "\"", Thing.of("1", name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = \"a\"",
                "(name = \"a\")",
                "name = \"a\" and cost > 3",
                "cost > 3 and (cost < 9 and name = \"a\")",
                "name = \"a\" and name = \"b\""
            })
    void aNameThatMustBeEqualIsPinned(String filter) {
        assertThat(pinned(filter)).contains(Set.of("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name in [\"a\", \"b\"]", "cost > 3 and name in [\"b\",\"a\",\"b\"]"})
    void namesOfWhichItMustBeOneArePinned(String filter) {
        assertThat(pinned(filter)).contains(Set.of("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = \"a\" or cost > 3",
                "cost > 3 and (name = \"a\" or name = \"b\")",
                "not name = \"a\"",
                "not (name = \"a\" and cost = 1)",
                "name != \"a\"",
                "name contains \"a\"",
                "name not in [\"a\", \"b\"]",
                "name in [1, 2]",
                "name in [\"a\", \"b\"] or cost > 3",
                "name = null",
                "cost = 3",
                ""
            })
    void whatMayAlsoMatchOtherNamesPinsNone(String filter) {
        assertThat(pinned(filter)).isEmpty();
    }

    private static Optional<Set<String>> pinned(String filter) {
        return QueryParser.parse(Thing.TABLE, filter, "").pinned("name");
    }

    private static Boolean matches(String filter, Thing thing) {
        Query<Thing> query = QueryParser.parse(Thing.TABLE, filter, "");
        Query.Filter<Thing> compiled = query.filter();
        return compiled == null || compiled.test(thing, Thing.VIEW);
    }
}
