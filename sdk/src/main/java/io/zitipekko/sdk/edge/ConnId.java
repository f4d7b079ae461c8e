package io.zitipekko.sdk.edge;

/**
 * Names one connection or listener within an edge channel; unsigned 32 bits. Ours are below 2^31, the router's above.
 *
 * @param value the bits
 */
public record ConnId(int value) {
    @Override
    public String toString() {
        return Integer.toUnsignedString(value);
    }
}
