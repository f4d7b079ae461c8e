package io.zitipekko.api.query;

import io.zitipekko.api.query.Query.Filter;
import io.zitipekko.api.query.Query.SortField;
import io.zitipekko.api.query.grammar.FilterParser;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** From a parsed filter to a {@link Query} over one kind of record. Types and names are checked here, once. */
final class QueryCompiler<E> {
    private static final int MAX_SORT_FIELDS = 5;

    private final SymbolTable<E> table;

    QueryCompiler(SymbolTable<E> table) {
        this.table = table;
    }

    Query<E> compile(FilterParser.@Nullable QueryContext context) {
        if (context == null) {
            return Query.all();
        }
        Filter<E> filter = context.expression() == null ? null : expression(context.expression());
        List<SortField<E>> order =
                context.sortBy() == null ? List.of() : order(context.sortBy().sortField());
        return new Query<>(filter, order, skip(context.skip()), limit(context.limit()));
    }

    /** Fields past the fifth are dropped. */
    List<SortField<E>> order(List<FilterParser.SortFieldContext> fields) {
        List<SortField<E>> out = new ArrayList<>();
        for (FilterParser.SortFieldContext field : fields) {
            String name = name(field.IDENT());
            Symbol<E> symbol =
                    table.find(name).orElseThrow(() -> InvalidQueryException.sort("unknown symbol '" + name + "'"));
            if (!(symbol instanceof Symbol.Scalar<E> scalar) || !scalar.sortable()) {
                throw InvalidQueryException.sort("'" + name + "' cannot be sorted by");
            }
            if (out.size() < MAX_SORT_FIELDS) {
                out.add(new SortField<>(name, scalar, field.DESC() != null));
            }
        }
        return out;
    }

    private static OptionalLong skip(FilterParser.@Nullable SkipContext context) {
        return context == null ? OptionalLong.empty() : OptionalLong.of(integer(context.NUMBER()));
    }

    private static OptionalLong limit(FilterParser.@Nullable LimitContext context) {
        if (context == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(context.NONE() != null ? -1 : integer(context.NUMBER()));
    }

    private static long integer(TerminalNode number) {
        try {
            return Long.parseLong(number.getText());
        } catch (NumberFormatException e) {
            throw InvalidQueryException.filter("'" + number.getText() + "' is not an integer");
        }
    }

    /** Brackets a flat chain from the right: each {@code and}, {@code or} and {@code not} takes everything that follows it. */
    private Filter<E> expression(FilterParser.ExpressionContext context) {
        List<FilterParser.ItemContext> items = context.item();
        Filter<E> result = null;
        for (int i = items.size() - 1; i >= 0; i--) {
            Filter<E> own = primary(items.get(i).primary());
            if (result != null) {
                Filter<E> rest = result;
                boolean and = context.junction(i).AND() != null;
                result = and
                        ? new Query.Both<>(own, rest)
                        : (record, view) -> own.test(record, view) || rest.test(record, view);
            } else {
                result = own;
            }
            if (items.get(i).NOT().size() % 2 == 1) {
                Filter<E> negated = result;
                result = (record, view) -> !negated.test(record, view);
            }
        }
        if (result == null) {
            throw InvalidQueryException.filter("an expression is missing");
        }
        return result;
    }

    private Filter<E> primary(FilterParser.PrimaryContext context) {
        if (context instanceof FilterParser.ConstantContext constant) {
            boolean value = truth(constant.BOOL());
            return (record, view) -> value;
        }
        if (context instanceof FilterParser.GroupContext group) {
            return expression(group.expression());
        }
        if (context instanceof FilterParser.FlagContext flag) {
            return flag(name(flag.IDENT()));
        }
        if (context instanceof FilterParser.EmptinessContext emptiness) {
            return emptiness(emptiness.setExpression());
        }
        if (context instanceof FilterParser.MembershipContext in) {
            if (in.NOT() != null && in.WS(1).getText().length() != 1) {
                throw InvalidQueryException.filter("'not in' is written with exactly one blank");
            }
            List<Literal> values = in.literal().stream().map(Literal::of).toList();
            Filter<E> filter = leaf(in.lhs(), type -> Operations.in(type, values, in.NOT() != null));
            return in.NOT() == null ? pinned(in.lhs(), values, filter) : filter;
        }
        if (context instanceof FilterParser.RangeContext range) {
            Literal low = Literal.of(range.literal(0));
            Literal high = Literal.of(range.literal(1));
            return leaf(range.lhs(), type -> Operations.between(type, low, high, range.NOT() != null));
        }
        if (context instanceof FilterParser.ContainmentContext contains) {
            Literal part = Literal.of(contains.literal());
            return leaf(contains.lhs(), type -> Operations.contains(type, part, false, contains.NOT() != null));
        }
        if (context instanceof FilterParser.FoldedContainmentContext contains) {
            Literal part = Literal.of(contains.literal());
            return leaf(contains.lhs(), type -> Operations.contains(type, part, true, contains.NOT() != null));
        }
        FilterParser.ComparisonContext comparison = (FilterParser.ComparisonContext) context;
        String operator = comparison.comparator().getText();
        if (comparison.NULL() != null) {
            return leaf(comparison.lhs(), type -> Operations.presence(operator));
        }
        Literal right =
                comparison.BOOL() != null ? Literal.of(truth(comparison.BOOL())) : Literal.of(comparison.literal());
        Filter<E> filter = leaf(comparison.lhs(), type -> Operations.compare(type, operator, right));
        return operator.equals("=") ? pinned(comparison.lhs(), List.of(right), filter) : filter;
    }

    private Filter<E> pinned(FilterParser.LhsContext lhs, List<Literal> values, Filter<E> filter) {
        if (!(lhs instanceof FilterParser.ScalarContext scalar)
                || scalar(name(scalar.IDENT())).type() != ValueType.STRING) {
            return filter;
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Literal value : values) {
            if (!(value.value() instanceof String text) || value.type() != ValueType.STRING) {
                return filter;
            }
            texts.add(text);
        }
        return new Query.Pinned<>(name(scalar.IDENT()), texts, filter);
    }

    private interface TestOf {
        Operations.Test of(ValueType left);
    }

    private Filter<E> leaf(FilterParser.LhsContext lhs, TestOf testOf) {
        if (lhs instanceof FilterParser.ScalarContext scalar) {
            Symbol.Scalar<E> symbol = scalar(name(scalar.IDENT()));
            Operations.Test test = testOf.of(symbol.type());
            return (record, view) -> test.test(symbol.value().get(record, view));
        }
        if (lhs instanceof FilterParser.SizeContext size) {
            Symbol.Members<E> members = members(setName(size.setExpression()));
            Operations.Test test = testOf.of(ValueType.INTEGER);
            return (record, view) ->
                    test.test((long) members.values().get(record, view).size());
        }
        boolean every = lhs instanceof FilterParser.EveryMemberContext;
        TerminalNode ident = lhs instanceof FilterParser.EveryMemberContext all
                ? all.IDENT()
                : ((FilterParser.SomeMemberContext) lhs).IDENT();
        Symbol.Members<E> members = members(name(ident));
        Operations.Test test = testOf.of(members.type());
        return every
                ? (record, view) -> members.values().get(record, view).stream().allMatch(test)
                : (record, view) -> members.values().get(record, view).stream().anyMatch(test);
    }

    private Filter<E> flag(String name) {
        Symbol.Scalar<E> symbol = scalar(name);
        if (symbol.type() != ValueType.BOOL && symbol.type() != ValueType.ANY) {
            throw InvalidQueryException.filter("'" + name + "' is not a boolean");
        }
        return (record, view) -> Boolean.TRUE.equals(symbol.value().get(record, view));
    }

    private Filter<E> emptiness(FilterParser.SetExpressionContext context) {
        if (context instanceof FilterParser.FilteredSetContext filtered) {
            String name = name(filtered.IDENT());
            if (!(symbol(name) instanceof Symbol.Linked<E, ?> linked)) {
                throw InvalidQueryException.filter("'" + name + "' is not a set of entities");
            }
            return emptyAfterFilter(linked, filtered.query());
        }
        Symbol.Members<E> members = members(setName(context));
        return (record, view) -> members.values().get(record, view).isEmpty();
    }

    private <F> Filter<E> emptyAfterFilter(Symbol.Linked<E, F> linked, FilterParser.QueryContext context) {
        Filter<F> inner = new QueryCompiler<>(linked.table()).compile(context).filter();
        return (record, view) -> linked.records().get(record, view).stream()
                .noneMatch(other -> inner == null || inner.test(other, view));
    }

    /** The set of a {@code count}; a sub-filter there is read and ignored, as the reference does. */
    private String setName(FilterParser.SetExpressionContext context) {
        if (context instanceof FilterParser.NamedSetContext named) {
            return name(named.IDENT());
        }
        FilterParser.FilteredSetContext filtered = (FilterParser.FilteredSetContext) context;
        String name = name(filtered.IDENT());
        if (symbol(name) instanceof Symbol.Linked<E, ?> linked) {
            emptyAfterFilter(linked, filtered.query());
        }
        return name;
    }

    private Symbol<E> symbol(String name) {
        return table.find(name).orElseThrow(() -> InvalidQueryException.filter("unknown symbol '" + name + "'"));
    }

    private Symbol.Scalar<E> scalar(String name) {
        if (symbol(name) instanceof Symbol.Scalar<E> scalar) {
            return scalar;
        }
        throw InvalidQueryException.filter("'" + name + "' is a set: use anyOf, allOf, count or isEmpty");
    }

    private Symbol.Members<E> members(String name) {
        Symbol<E> symbol = symbol(name);
        if (symbol instanceof Symbol.Members<E> members) {
            return members;
        }
        if (symbol instanceof Symbol.Linked<E, ?> linked) {
            return ids(linked);
        }
        throw InvalidQueryException.filter("'" + name + "' is not a set");
    }

    private static <E, F> Symbol.Members<E> ids(Symbol.Linked<E, F> linked) {
        return new Symbol.Members<>(ValueType.STRING, (record, view) -> {
            Collection<F> records = linked.records().get(record, view);
            return records.stream().map(linked.table()::id).toList();
        });
    }

    private static boolean truth(TerminalNode bool) {
        return Boolean.parseBoolean(bool.getText());
    }

    private static String name(TerminalNode ident) {
        String text = ident.getText();
        return text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
    }
}
