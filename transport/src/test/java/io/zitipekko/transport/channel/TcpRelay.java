package io.zitipekko.transport.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.LinkedBlockingQueue;

/** Passes TCP connections on, so that a test can cut one. */
final class TcpRelay implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final LinkedBlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final InetSocketAddress target;

    TcpRelay(InetSocketAddress target) throws IOException {
        this.target = target;
        daemon(() -> {
            while (true) {
                Socket near = listener.accept();
                Socket far = new Socket(target.getAddress(), target.getPort());
                sockets.add(near);
                daemon(() -> near.getInputStream().transferTo(far.getOutputStream()), near, far);
                daemon(() -> far.getInputStream().transferTo(near.getOutputStream()), near, far);
            }
        });
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    void cutOldest() throws IOException {
        Socket oldest = sockets.poll();
        if (oldest == null) {
            throw new AssertionError("no connection to cut to " + target);
        }
        oldest.close();
    }

    private interface Pump {
        void run() throws IOException;
    }

    private static void daemon(Pump pump, Socket... ends) {
        Thread thread = new Thread(() -> {
            try (Closing closing = new Closing(ends)) {
                pump.run();
            } catch (IOException over) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private record Closing(Socket... ends) implements AutoCloseable {
        @Override
        public void close() {
            for (Socket end : ends) {
                try {
                    end.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
