package io.zitipekko.actors.policy.index;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * All policies of one kind: each joins what it selects on the left with what it selects on the right. Immutable.
 *
 * @param <T> a label by which questions choose among policies
 */
final class PolicyTable<T> {
    private final PolicySide left;
    private final PolicySide right;
    private final HashMap<String, T> labels;

    private PolicyTable(PolicySide left, PolicySide right, HashMap<String, T> labels) {
        this.left = left;
        this.right = right;
        this.labels = labels;
    }

    static <T> PolicyTable<T> empty() {
        return new PolicyTable<>(PolicySide.EMPTY, PolicySide.EMPTY, HashMap.empty());
    }

    PolicySide left() {
        return left;
    }

    PolicySide right() {
        return right;
    }

    PolicyTable<T> put(
            String policy,
            T label,
            RoleList leftRoles,
            Members leftMembers,
            RoleList rightRoles,
            Members rightMembers) {
        return new PolicyTable<>(
                left.put(policy, leftRoles, leftMembers),
                right.put(policy, rightRoles, rightMembers),
                labels.put(policy, label));
    }

    PolicyTable<T> remove(String policy) {
        return new PolicyTable<>(left.remove(policy), right.remove(policy), labels.remove(policy));
    }

    PolicyTable<T> leftChanged(Members.@Nullable Member before, Members.@Nullable Member after) {
        PolicySide changed = left.memberChanged(before, after);
        return changed == left ? this : new PolicyTable<>(changed, right, labels);
    }

    PolicyTable<T> rightChanged(Members.@Nullable Member before, Members.@Nullable Member after) {
        PolicySide changed = right.memberChanged(before, after);
        return changed == right ? this : new PolicyTable<>(left, changed, labels);
    }

    boolean joins(Members.@Nullable Member l, Members.@Nullable Member r, Predicate<T> wanted) {
        if (l == null || r == null) {
            return false;
        }
        for (String policy : left.selecting(l)) {
            if (wanted.test(labels.get(policy).get())
                    && Objects.requireNonNull(right.of(policy)).contains(r.ordinal())) {
                return true;
            }
        }
        return false;
    }

    /** The policies that join the two, sorted. */
    List<String> joining(Members.@Nullable Member l, Members.@Nullable Member r, Predicate<T> wanted) {
        List<String> joining = new ArrayList<>();
        if (l == null || r == null) {
            return joining;
        }
        for (String policy : left.selecting(l)) {
            if (wanted.test(labels.get(policy).get())
                    && Objects.requireNonNull(right.of(policy)).contains(r.ordinal())) {
                joining.add(policy);
            }
        }
        joining.sort(null);
        return joining;
    }

    /** What some policy joins with {@code member} of the left side. */
    RoaringBitmap rightOf(Members.@Nullable Member member, Members rightMembers, Predicate<T> wanted) {
        return across(left, right, member, rightMembers, wanted);
    }

    /** What some policy joins with {@code member} of the right side. */
    RoaringBitmap leftOf(Members.@Nullable Member member, Members leftMembers, Predicate<T> wanted) {
        return across(right, left, member, leftMembers, wanted);
    }

    private RoaringBitmap across(
            PolicySide from, PolicySide to, Members.@Nullable Member member, Members others, Predicate<T> wanted) {
        RoaringBitmap reached = new RoaringBitmap();
        if (member == null) {
            return reached;
        }
        for (String policy : from.selecting(member)) {
            if (wanted.test(labels.get(policy).get())) {
                PolicySide.Selection selection = Objects.requireNonNull(to.of(policy));
                if (selection.ordinals() == null) {
                    return others.live();
                }
                reached.or(selection.ordinals());
            }
        }
        return reached;
    }
}
