package io.zitipekko.transport.channel.frame;

/**
 * How long a frame may be; checked before anything is allocated for it.
 *
 * @param headers most bytes of headers
 * @param body most bytes of body
 * @param total most bytes of both
 */
public record FrameLimits(long headers, long body, long total) {
    /** What a listener takes before it knows its peer. */
    public static final FrameLimits HELLO = new FrameLimits(16384, 4192, 16384 + 4192);
    /** What a dialer takes as the answer to its Hello: room for a cluster's API addresses and no more. */
    public static final FrameLimits RESULT = ofTotal(1 << 20);

    public static FrameLimits ofTotal(long total) {
        return new FrameLimits(total, total, total);
    }
}
