package io.zitipekko.transport.refusal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/** Places that peers take before they have proved anything, so many for each address. Thread-safe. */
public final class AddressQuota {
    /** An IPv6 host commands its whole /64, so that counts as one address. */
    private static final int IPV6_PREFIX_BYTES = 8;

    private final int perAddress;
    private final ConcurrentHashMap<ByteBuffer, Integer> taken = new ConcurrentHashMap<>();

    public AddressQuota(int perAddress) {
        this.perAddress = perAddress;
    }

    /** Takes a place; false, and takes none, when the address has all that it may have. */
    public boolean tryEnter(InetAddress address) {
        boolean[] entered = new boolean[1];
        taken.compute(key(address), (key, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < perAddress;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        return entered[0];
    }

    /** Gives a place back. Once for each that was taken. */
    public void leave(InetAddress address) {
        taken.computeIfPresent(key(address), (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** Addresses that have a place now. */
    public int addresses() {
        return taken.size();
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(bytes, 0, IPV6_PREFIX_BYTES).slice()
                : ByteBuffer.wrap(bytes);
    }
}
