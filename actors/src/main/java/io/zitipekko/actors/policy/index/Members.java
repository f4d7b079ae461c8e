package io.zitipekko.actors.policy.index;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.zitipekko.actors.model.id.EntityId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The entities of one kind that policies may select, each with a small number for use in bitmaps; numbers of deleted ones are used again.
 * Immutable. Bitmaps in here are never changed once they are in here.
 */
final class Members {
    static final Members NONE =
            new Members(HashMap.empty(), HashMap.empty(), HashMap.empty(), new RoaringBitmap(), List.empty(), 0);

    private static final RoaringBitmap NOBODY = new RoaringBitmap();

    private final HashMap<String, Member> byId;
    private final HashMap<Integer, Member> byOrdinal;
    private final HashMap<String, RoaringBitmap> byAttribute;
    private final RoaringBitmap live;
    private final List<Integer> free;
    private final int next;

    private Members(
            HashMap<String, Member> byId,
            HashMap<Integer, Member> byOrdinal,
            HashMap<String, RoaringBitmap> byAttribute,
            RoaringBitmap live,
            List<Integer> free,
            int next) {
        this.byId = byId;
        this.byOrdinal = byOrdinal;
        this.byAttribute = byAttribute;
        this.live = live;
        this.free = free;
        this.next = next;
    }

    /** One entity as policies see it. */
    record Member(EntityId id, int ordinal, Set<String> attributes) {}

    @Nullable
    Member get(String id) {
        return byId.getOrElse(id, null);
    }

    @Nullable
    Member at(int ordinal) {
        return byOrdinal.getOrElse(ordinal, null);
    }

    /** Ordinals of all members. */
    RoaringBitmap live() {
        return live;
    }

    /** Ordinals of those that carry the attribute. */
    RoaringBitmap carrying(String attribute) {
        return byAttribute.getOrElse(attribute, NOBODY);
    }

    /** With the entity in it, or with other attributes than before. */
    Members put(EntityId id, Set<String> attributes) {
        Member before = get(id.value());
        int ordinal = before != null ? before.ordinal() : free.isEmpty() ? next : free.head();
        boolean reused = before == null && !free.isEmpty();
        boolean fresh = before == null && free.isEmpty();
        Member member = new Member(id, ordinal, attributes);
        HashMap<String, RoaringBitmap> carriers = byAttribute;
        if (before != null) {
            for (String attribute : before.attributes()) {
                if (!attributes.contains(attribute)) {
                    carriers = without(carriers, attribute, ordinal);
                }
            }
        }
        for (String attribute : attributes) {
            if (before == null || !before.attributes().contains(attribute)) {
                RoaringBitmap added = carriers.getOrElse(attribute, NOBODY).clone();
                added.add(ordinal);
                carriers = carriers.put(attribute, added);
            }
        }
        RoaringBitmap all = live;
        if (before == null) {
            all = live.clone();
            all.add(ordinal);
            all.runOptimize();
        }
        return new Members(
                byId.put(id.value(), member),
                byOrdinal.put(ordinal, member),
                carriers,
                all,
                reused ? free.tail() : free,
                fresh ? next + 1 : next);
    }

    Members remove(Member member) {
        HashMap<String, RoaringBitmap> carriers = byAttribute;
        for (String attribute : member.attributes()) {
            carriers = without(carriers, attribute, member.ordinal());
        }
        RoaringBitmap all = live.clone();
        all.remove(member.ordinal());
        return new Members(
                byId.remove(member.id().value()),
                byOrdinal.remove(member.ordinal()),
                carriers,
                all,
                free.prepend(member.ordinal()),
                next);
    }

    private static HashMap<String, RoaringBitmap> without(
            HashMap<String, RoaringBitmap> carriers, String attribute, int ordinal) {
        RoaringBitmap rest = carriers.getOrElse(attribute, NOBODY).clone();
        rest.remove(ordinal);
        return rest.isEmpty() ? carriers.remove(attribute) : carriers.put(attribute, rest);
    }
}
