package io.zitipekko.actors.policy.index;

import io.zitipekko.actors.model.id.EntityId;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** A bitmap of ordinals as a set of ids; nothing is copied. */
final class MemberSet<I extends EntityId> extends AbstractSet<I> {
    private final Members members;
    private final RoaringBitmap ordinals;
    private final Class<I> idType;

    MemberSet(Members members, RoaringBitmap ordinals, Class<I> idType) {
        this.members = members;
        this.ordinals = ordinals;
        this.idType = idType;
    }

    @Override
    public boolean contains(@Nullable Object other) {
        if (!idType.isInstance(other)) {
            return false;
        }
        Members.Member member = members.get(idType.cast(other).value());
        return member != null && ordinals.contains(member.ordinal());
    }

    @Override
    public Iterator<I> iterator() {
        PeekableIntIterator each = ordinals.getIntIterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public I next() {
                return idType.cast(
                        Objects.requireNonNull(members.at(each.next())).id());
            }
        };
    }

    @Override
    public int size() {
        return ordinals.getCardinality();
    }
}
