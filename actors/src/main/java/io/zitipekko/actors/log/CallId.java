package io.zitipekko.actors.log;

/**
 * Names one proposal for as long as it is on its way, so that sending it again never makes it happen twice.
 *
 * @param origin a random number for one run of one node
 * @param number counts the proposals of that run
 */
public record CallId(long origin, long number) {
    @Override
    public String toString() {
        return Long.toHexString(origin) + ":" + number;
    }
}
