package io.zitipekko.overlay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A wire between two nodes that a test can cut. Connections are told apart by the protocol that their ClientHello asks for ({@link
 * #LINK}, {@link #EDGE}, {@link #CONTROL}), so that a link can be lost while SDKs stay connected to the same port.
 */
public final class Relay implements AutoCloseable {
    public static final String LINK = "ziti-link";
    public static final String EDGE = "ziti-edge";
    public static final String CONTROL = "ziti-ctrl";

    private static final List<String> PROTOCOLS = List.of(LINK, EDGE, CONTROL);
    private static final int CHUNK = 64 << 10;

    private final int target;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private final Set<String> frozen = ConcurrentHashMap.newKeySet();

    private Relay(int port, int target) {
        this.target = target;
        try {
            this.server = new ServerSocket(port, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("the relay cannot listen at port " + port, e);
        }
        threads.execute(this::accept);
    }

    /** Passes on what connects to {@code port} to {@code target}, both of this machine. */
    public static Relay start(int port, int target) {
        return new Relay(port, target);
    }

    /** Resets the connections of a protocol that are there, and all that are tried until {@link #heal}. */
    public void cut(String protocol) {
        refused.add(protocol);
        reset(protocol);
    }

    /** Resets the connections of a protocol that are there; new ones pass. */
    public void reset(String protocol) {
        wires.stream().filter(w -> w.protocol.equals(protocol)).forEach(Wire::reset);
    }

    /** A black hole: what a protocol's connections send is neither delivered nor refused until {@link #heal}. */
    public void freeze(String protocol) {
        frozen.add(protocol);
    }

    /** Lets a protocol pass again. */
    public void heal(String protocol) {
        refused.remove(protocol);
        lock.lock();
        try {
            frozen.remove(protocol);
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many connections of a protocol are open. */
    public long open(String protocol) {
        return wires.stream().filter(w -> w.protocol.equals(protocol)).count();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                threads.execute(() -> connect(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket from) {
        Wire wire = null;
        try {
            byte[] first = new byte[CHUNK];
            int count = from.getInputStream().read(first);
            String hello = new String(first, 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
            String protocol =
                    PROTOCOLS.stream().filter(hello::contains).findFirst().orElse("http");
            Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
            wire = new Wire(protocol, from, to);
            wires.add(wire);
            if (count <= 0 || refused.contains(protocol)) {
                wire.reset();
                return;
            }
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            to.getOutputStream().write(first, 0, count);
            Wire joined = wire;
            threads.execute(() -> joined.pass(to, from));
            wire.pass(from, to);
        } catch (IOException targetIsDown) {
            if (wire == null) {
                resetQuietly(from);
            } else {
                wire.reset();
            }
        }
    }

    private void awaitThaw(String protocol) {
        if (!frozen.contains(protocol)) {
            return;
        }
        lock.lock();
        try {
            while (frozen.contains(protocol) && !server.isClosed()) {
                thawed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void resetQuietly(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already, which is what is wanted.
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wires.forEach(Wire::reset);
        lock.lock();
        try {
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
        threads.shutdownNow();
    }

    private final class Wire {
        private final String protocol;
        private final Socket from;
        private final Socket to;

        Wire(String protocol, Socket from, Socket to) {
            this.protocol = protocol;
            this.from = from;
            this.to = to;
        }

        void pass(Socket source, Socket sink) {
            byte[] buffer = new byte[CHUNK];
            try {
                InputStream in = source.getInputStream();
                int count;
                while ((count = in.read(buffer)) > 0) {
                    awaitThaw(protocol);
                    sink.getOutputStream().write(buffer, 0, count);
                }
                sink.shutdownOutput();
                if (source.isOutputShutdown()) {
                    reset();
                }
            } catch (IOException lost) {
                reset();
            }
        }

        void reset() {
            wires.remove(this);
            resetQuietly(from);
            resetQuietly(to);
        }
    }
}
