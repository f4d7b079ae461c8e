package io.zitipekko.actors.policy.index;

import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.policy.RoleExpression;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/**
 * One list of roles of one policy, parsed (protocol/06 section 5.1): an entity matches when it is named, or the list is {@code #all}, or
 * the attributes do by the semantic. A list without attributes matches nobody beyond those named.
 */
record RoleList(boolean all, List<String> attributes, List<String> ids, Semantic semantic, List<String> texts) {
    static RoleList of(List<String> roles, Semantic semantic) {
        boolean all = false;
        List<String> attributes = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String role : roles) {
            RoleExpression expression = RoleExpression.parse(role);
            if (expression instanceof RoleExpression.All) {
                all = true;
            } else if (expression instanceof RoleExpression.Attribute attribute) {
                attributes.add(attribute.name());
            } else if (expression instanceof RoleExpression.Id id) {
                ids.add(id.id());
            }
        }
        return new RoleList(all, List.copyOf(attributes), List.copyOf(ids), semantic, List.copyOf(roles));
    }

    boolean matches(Members.Member member) {
        return all || ids.contains(member.id().value()) || matchesAttributes(member);
    }

    private boolean matchesAttributes(Members.Member member) {
        if (attributes.isEmpty()) {
            return false;
        }
        return semantic == Semantic.ALL_OF
                ? member.attributes().containsAll(attributes)
                : attributes.stream().anyMatch(member.attributes()::contains);
    }

    /** All members that match, evaluated on bitmaps. Not for {@link #all}, which is never written out. */
    RoaringBitmap select(Members members) {
        RoaringBitmap selected = new RoaringBitmap();
        if (!attributes.isEmpty()) {
            RoaringBitmap[] carriers =
                    attributes.stream().map(members::carrying).toArray(RoaringBitmap[]::new);
            selected.or(semantic == Semantic.ALL_OF ? FastAggregation.and(carriers) : FastAggregation.or(carriers));
        }
        for (String id : ids) {
            Members.Member member = members.get(id);
            if (member != null) {
                selected.add(member.ordinal());
            }
        }
        return selected;
    }
}
