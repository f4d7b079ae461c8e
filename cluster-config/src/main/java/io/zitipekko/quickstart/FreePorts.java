package io.zitipekko.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds ports of this machine that nobody uses: for a whole network, and for whatever measures or tests one. */
public final class FreePorts {
    private static final int ATTEMPTS = 100;

    private FreePorts() {}

    /** The first of so many neighbouring ports that are free now. */
    public static int neighbours(int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int base = free(0);
            boolean all = base > 0 && base + count <= 65_535;
            for (int i = 1; all && i < count; i++) {
                all = isFree(base + i);
            }
            if (all) {
                return base;
            }
        }
        throw new IllegalStateException("no " + count + " neighbouring ports are free on this machine");
    }

    /** Whether nobody uses this port now. */
    public static boolean isFree(int port) {
        return free(port) > 0;
    }

    private static int free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            return -1;
        }
    }
}
