package io.zitipekko.overlay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds ports of this machine that nobody uses. */
public final class FreePorts {
    private static final int ATTEMPTS = 100;

    private FreePorts() {}

    /** The first of so many neighbouring ports that are free now. */
    public static int neighbours(int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int base = free(0);
            boolean all = base > 0 && base + count <= 65_535;
            for (int i = 1; all && i < count; i++) {
                all = free(base + i) > 0;
            }
            if (all) {
                return base;
            }
        }
        throw new IllegalStateException("no " + count + " neighbouring ports are free on this machine");
    }

    private static int free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            return -1;
        }
    }
}
