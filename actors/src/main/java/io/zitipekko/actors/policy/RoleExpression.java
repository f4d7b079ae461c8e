package io.zitipekko.actors.policy;

/** One entry of a policy's list of roles (protocol/06 section 5.1). */
public sealed interface RoleExpression {
    /** Every entity of the kind. */
    record All() implements RoleExpression {}

    /** Entities that carry the role attribute; how several combine is the policy's semantic. */
    record Attribute(String name) implements RoleExpression {}

    /** The entity with that id, whatever the semantic. */
    record Id(String id) implements RoleExpression {}

    /** How {@link All} is written. */
    String ALL = "#all";

    /** @throws IllegalArgumentException for a text that is none of {@code #all}, {@code #attribute}, {@code @id} */
    static RoleExpression parse(String text) {
        if (text.equals(ALL)) {
            return new All();
        }
        if (text.length() > 1 && text.startsWith("#")) {
            return new Attribute(text.substring(1));
        }
        if (text.length() > 1 && text.startsWith("@")) {
            return new Id(text.substring(1));
        }
        throw new IllegalArgumentException("role '" + text + "': expected #all, #<attribute> or @<id>");
    }
}
