package io.zitipekko.bench.path;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.zitipekko.bench.BenchException;
import java.nio.charset.StandardCharsets;

/**
 * A network interface of Linux whose packets a program reads and writes, each behind the kernel's note of what is left to do with it
 * ({@code virtio_net_hdr}). Such a note goes on to another device as it is. Needs root.
 */
final class TunDevice implements AutoCloseable {
    private static final int READ_WRITE = 2;
    private static final long TUNSETIFF = 0x400454ca;
    private static final long TUNSETOFFLOAD = 0x400454d0;
    private static final short IFF_TUN_NO_PI_VNET_HDR = 0x5001;
    private static final long CHECKSUM = 1;
    private static final long SEGMENTATION = 2;
    private static final int REQUEST_BYTES = 40;
    private static final int NAME_BYTES = 16;

    static {
        Native.register("c");
    }

    private final int descriptor;
    private final String name;

    /** @throws BenchException when this system or this user has none to give */
    TunDevice(String name) {
        this.name = name;
        try (Memory request = new Memory(REQUEST_BYTES)) {
            request.clear();
            byte[] text = name.getBytes(StandardCharsets.US_ASCII);
            request.write(0, text, 0, Math.min(text.length, NAME_BYTES - 1));
            request.setShort(NAME_BYTES, IFF_TUN_NO_PI_VNET_HDR);
            descriptor = open("/dev/net/tun", READ_WRITE);
            ioctl(descriptor, TUNSETIFF, request);
        } catch (LastErrorException e) {
            throw new BenchException(
                    "no TUN device: " + e.getMessage() + " (expected: Linux with /dev/net/tun, and to be root)", e);
        }
    }

    // Their names are libc's.
    private static native int open(String path, int flags) throws LastErrorException;

    private static native int ioctl(int descriptor, long request, Pointer argument) throws LastErrorException;

    private static native int ioctl(int descriptor, long request, long argument) throws LastErrorException;

    private static native long read(int descriptor, Pointer buffer, long count) throws LastErrorException;

    private static native long write(int descriptor, Pointer buffer, long count) throws LastErrorException;

    private static native int close(int descriptor) throws LastErrorException;

    String name() {
        return name;
    }

    /**
     * Whether the kernel may hand over up to 64 KiB of a TCP connection as one packet, to be divided where it is received, as it does on every fast
     * network card.
     *
     * @throws BenchException when the kernel cannot
     */
    void segmentsLater(boolean later) {
        try {
            ioctl(descriptor, TUNSETOFFLOAD, later ? CHECKSUM | SEGMENTATION : 0);
        } catch (LastErrorException e) {
            throw new BenchException(
                    "TUN device " + name + " does not divide packets later: " + e.getMessage()
                            + " (expected: a kernel with TUNSETOFFLOAD)",
                    e);
        }
    }

    /** The next packet's length, with its note; blocks. */
    int read(Pointer buffer, int capacity) {
        return (int) read(descriptor, buffer, (long) capacity);
    }

    void write(Pointer buffer, int length) {
        write(descriptor, buffer, (long) length);
    }

    @Override
    public void close() {
        close(descriptor);
    }
}
