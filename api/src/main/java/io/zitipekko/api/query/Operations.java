package io.zitipekko.api.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns an operation with its literals into a test of one value, types checked once and not for each record. A null value passes only
 * {@code !=} and {@code not contains}. protocol/06 section 2.3.
 */
final class Operations {
    /** A test of one value, null for none. */
    interface Test extends Predicate<@Nullable Object> {}

    private Operations() {}

    /** @param type of the left side */
    static Test compare(ValueType type, String operator, Literal literal) {
        Literal right = convert(type, operator, literal);
        Object wanted = right.value();
        ValueType as = right.type();
        boolean any = type == ValueType.ANY;
        if (as == ValueType.BOOL && !operator.equals("=") && !operator.equals("!=")) {
            throw unsupported(operator, type, literal.type());
        }
        return switch (operator) {
            case "=" -> test(any, as, value -> value != null && Values.compareNullsFirst(value, wanted) == 0);
            case "!=" -> test(any, as, value -> value == null || Values.compareNullsFirst(value, wanted) != 0);
            case "<" -> test(any, as, value -> value != null && Values.compareNullsFirst(value, wanted) < 0);
            case "<=" -> test(any, as, value -> value != null && Values.compareNullsFirst(value, wanted) <= 0);
            case ">" -> test(any, as, value -> value != null && Values.compareNullsFirst(value, wanted) > 0);
            case ">=" -> test(any, as, value -> value != null && Values.compareNullsFirst(value, wanted) >= 0);
            default -> throw new IllegalArgumentException("operator " + operator);
        };
    }

    /** {@code = null} and {@code != null}. */
    static Test presence(String operator) {
        return switch (operator) {
            case "=" -> value -> value == null;
            case "!=" -> value -> value != null;
            default -> throw InvalidQueryException.filter("operation " + operator + " not supported with null");
        };
    }

    static Test in(ValueType type, List<Literal> literals, boolean negated) {
        Set<ValueType> kinds = new HashSet<>();
        literals.forEach(l -> kinds.add(l.type() == ValueType.FLOAT ? ValueType.INTEGER : l.type()));
        if (kinds.size() > 1) {
            throw InvalidQueryException.filter("the values of an 'in' must all be strings, numbers or dates");
        }
        List<Test> equal = new ArrayList<>();
        Set<Object> texts = new HashSet<>();
        for (Literal literal : literals) {
            Literal right = convert(type, "in", literal);
            if (right.type() == ValueType.STRING) {
                texts.add(right.value());
            } else {
                equal.add(compare(type, "=", literal));
            }
        }
        boolean any = type == ValueType.ANY;
        Test found = texts.isEmpty()
                ? value -> equal.stream().anyMatch(test -> test.test(value))
                : test(any, ValueType.STRING, value -> value != null && texts.contains(value));
        return negated ? value -> value != null && !found.test(value) : found;
    }

    /** Lower bound inclusive, upper exclusive. */
    static Test between(ValueType type, Literal low, Literal high, boolean negated) {
        if (low.type() == ValueType.STRING || high.type() == ValueType.STRING) {
            throw unsupported("between", type, ValueType.STRING);
        }
        Test from = compare(type, ">=", low);
        Test to = compare(type, "<", high);
        return negated
                ? value -> value != null && !(from.test(value) && to.test(value))
                : value -> from.test(value) && to.test(value);
    }

    static Test contains(ValueType type, Literal literal, boolean folded, boolean negated) {
        String operation = folded ? "icontains" : "contains";
        boolean textual = type == ValueType.STRING || type == ValueType.ANY;
        boolean usable = literal.type() == ValueType.STRING
                || (!folded && (literal.type() == ValueType.INTEGER || literal.type() == ValueType.FLOAT));
        if (!textual || !usable) {
            throw unsupported(operation, type, literal.type());
        }
        String plain = literal.type() == ValueType.STRING ? (String) literal.value() : literal.text();
        String part = folded ? Values.fold(plain) : plain;
        Test found = test(
                type == ValueType.ANY,
                ValueType.STRING,
                value -> value instanceof String text && (folded ? Values.fold(text) : text).contains(part));
        return negated ? value -> !found.test(value) : found;
    }

    /** The literal as the left side's type wants it: integers widen, numbers become text. */
    private static Literal convert(ValueType type, String operator, Literal literal) {
        ValueType given = literal.type();
        boolean number = given == ValueType.INTEGER || given == ValueType.FLOAT;
        boolean fits =
                switch (type) {
                    case ANY -> true;
                    case INTEGER, FLOAT -> number;
                    case STRING -> given == ValueType.STRING || number;
                    case BOOL -> given == ValueType.BOOL;
                    case DATETIME -> given == ValueType.DATETIME;
                };
        if (!fits) {
            throw unsupported(operator, type, given);
        }
        return type == ValueType.STRING && number
                ? new Literal(ValueType.STRING, literal.text(), literal.text())
                : literal;
    }

    private static Test test(boolean any, ValueType literal, Test typed) {
        return any ? value -> typed.test(Values.as(literal, value)) : typed;
    }

    private static InvalidQueryException unsupported(String operator, ValueType left, ValueType right) {
        return InvalidQueryException.filter("operation " + operator + " not supported with operand types "
                + left.name().toLowerCase(java.util.Locale.ROOT) + ", "
                + right.name().toLowerCase(java.util.Locale.ROOT));
    }
}
