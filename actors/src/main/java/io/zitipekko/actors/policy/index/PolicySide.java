package io.zitipekko.actors.policy.index;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.zitipekko.actors.policy.RoleExpression;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * One side (say, identities) of all policies of one kind: what each selects, and which policies name a role. A change of one entity
 * re-evaluates only policies that name one of its changed attributes or itself. Immutable.
 */
final class PolicySide {
    static final PolicySide EMPTY = new PolicySide(HashMap.empty(), HashMap.empty());

    private final HashMap<String, Selection> selections;
    /** Role text to the policies that name it. */
    private final HashMap<String, Set<String>> byRole;

    private PolicySide(HashMap<String, Selection> selections, HashMap<String, Set<String>> byRole) {
        this.selections = selections;
        this.byRole = byRole;
    }

    /**
     * What one policy selects on this side.
     *
     * @param ordinals null for {@code #all}, which is never written out
     */
    record Selection(RoleList roles, @Nullable RoaringBitmap ordinals) {
        boolean contains(int ordinal) {
            return ordinals == null || ordinals.contains(ordinal);
        }

        RoaringBitmap among(Members members) {
            return ordinals == null ? members.live() : ordinals;
        }
    }

    @Nullable
    Selection of(String policy) {
        return selections.getOrElse(policy, null);
    }

    PolicySide put(String policy, RoleList roles, Members members) {
        PolicySide rest = remove(policy);
        HashMap<String, Set<String>> named = rest.byRole;
        for (String role : roles.texts()) {
            named = named.put(role, named.getOrElse(role, HashSet.empty()).add(policy));
        }
        Selection selection = new Selection(roles, roles.all() ? null : roles.select(members));
        return new PolicySide(rest.selections.put(policy, selection), named);
    }

    PolicySide remove(String policy) {
        Selection selection = of(policy);
        if (selection == null) {
            return this;
        }
        HashMap<String, Set<String>> named = byRole;
        for (String role : selection.roles().texts()) {
            Set<String> others = named.getOrElse(role, HashSet.empty()).remove(policy);
            named = others.isEmpty() ? named.remove(role) : named.put(role, others);
        }
        return new PolicySide(selections.remove(policy), named);
    }

    /** After an entity came ({@code before} null), changed its attributes, or went ({@code after} null). */
    PolicySide memberChanged(Members.@Nullable Member before, Members.@Nullable Member after) {
        HashMap<String, Selection> changed = selections;
        for (String policy : affected(before, after)) {
            Selection selection = changed.get(policy).get();
            RoaringBitmap ordinals = selection.ordinals();
            if (ordinals == null) {
                continue;
            }
            int ordinal = (after != null ? after : java.util.Objects.requireNonNull(before)).ordinal();
            boolean matches = after != null && selection.roles().matches(after);
            if (ordinals.contains(ordinal) != matches) {
                RoaringBitmap copy = ordinals.clone();
                copy.flip(ordinal, ordinal + 1L);
                changed = changed.put(policy, new Selection(selection.roles(), copy));
            }
        }
        return changed == selections ? this : new PolicySide(changed, byRole);
    }

    private Iterable<String> affected(Members.@Nullable Member before, Members.@Nullable Member after) {
        LinkedHashSet<String> policies = new LinkedHashSet<>();
        if (before == null || after == null) {
            Members.Member only = before != null ? before : java.util.Objects.requireNonNull(after);
            only.attributes().forEach(attribute -> naming("#" + attribute, policies::add));
            naming("@" + only.id().value(), policies::add);
            return policies;
        }
        for (String attribute : before.attributes()) {
            if (!after.attributes().contains(attribute)) {
                naming("#" + attribute, policies::add);
            }
        }
        for (String attribute : after.attributes()) {
            if (!before.attributes().contains(attribute)) {
                naming("#" + attribute, policies::add);
            }
        }
        return policies;
    }

    private void naming(String role, Consumer<String> policies) {
        byRole.getOrElse(role, HashSet.empty()).forEach(policies);
    }

    /** The policies that select {@code member} on this side, each once. Costs what its own roles cost, not the number of policies. */
    List<String> selecting(Members.Member member) {
        LinkedHashSet<String> candidates = new LinkedHashSet<>();
        naming(RoleExpression.ALL, candidates::add);
        naming("@" + member.id().value(), candidates::add);
        member.attributes().forEach(attribute -> naming("#" + attribute, candidates::add));
        List<String> selecting = new ArrayList<>(candidates.size());
        for (String policy : candidates) {
            if (selections.get(policy).get().contains(member.ordinal())) {
                selecting.add(policy);
            }
        }
        return selecting;
    }
}
