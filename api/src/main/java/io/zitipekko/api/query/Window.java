package io.zitipekko.api.query;

import java.util.OptionalLong;

/**
 * Which part of a list is wanted, normalised. protocol/06 section 2.1.
 *
 * @param limit {@link #UNLIMITED} for none
 * @param offset 0 to 100,000
 */
public record Window(long limit, long offset) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    private static final long DEFAULT_LIMIT = 10;
    private static final long MAX_LIMIT = 500;
    private static final long MAX_OFFSET = 100_000;

    /**
     * @param query its {@code limit} and {@code skip} win
     * @param limit of the request, -1 for all
     * @param offset of the request
     */
    public static Window of(Query<?> query, OptionalLong limit, OptionalLong offset) {
        long wanted = query.limit().orElse(limit.orElse(DEFAULT_LIMIT));
        long from = query.skip().orElse(offset.orElse(0));
        return new Window(limit(wanted), Math.max(0, Math.min(from, MAX_OFFSET)));
    }

    /** Everything, unless the query itself says otherwise. */
    public static Window whole(Query<?> query) {
        return of(query, OptionalLong.of(-1), OptionalLong.empty());
    }

    private static long limit(long wanted) {
        if (wanted == -1) {
            return UNLIMITED;
        }
        return wanted <= 0 ? DEFAULT_LIMIT : Math.min(wanted, MAX_LIMIT);
    }

    /** First position after the window. */
    long end() {
        return limit == UNLIMITED ? UNLIMITED : offset + limit;
    }
}
