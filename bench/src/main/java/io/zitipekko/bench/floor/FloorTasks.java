package io.zitipekko.bench.floor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.agent.AgentTask;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same work without an overlay: a server, relays in front of it, and a client, each in a process of its own. A request is how many
 * bytes follow and how many are wanted back; no reply is looked into, so that nothing but sockets and TLS costs time.
 */
public final class FloorTasks {
    private static final Logger LOG = LoggerFactory.getLogger(FloorTasks.class);
    private static final int BUFFER = 64 << 10;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "floor");
        thread.setDaemon(true);
        return thread;
    });

    @FunctionalInterface
    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    public Map<String, AgentTask> byName() {
        return Map.of(
                "floor-serve",
                this::serve,
                "floor-relay",
                this::relay,
                "floor-bulk",
                this::bulk,
                "floor-trips",
                this::trips);
    }

    private static String host(JsonNode arguments) {
        return arguments.path("host").asText("localhost");
    }

    private static Sockets sockets(JsonNode arguments) throws Exception {
        return arguments.has("chain")
                ? Sockets.secured(
                        Path.of(arguments.path("chain").asText()),
                        Path.of(arguments.path("key").asText()))
                : Sockets.plain();
    }

    /** Answers requests. Answers its {@code port}. */
    private void serve(JsonNode arguments, ObjectNode answer) throws Exception {
        answer.put("port", accept(sockets(arguments).listen(host(arguments)), this::answerRequests));
    }

    /** Relays to the port {@code to}. Answers its {@code port}. */
    private void relay(JsonNode arguments, ObjectNode answer) throws Exception {
        Sockets sockets = sockets(arguments);
        int to = arguments.path("to").asInt();
        answer.put("port", accept(sockets.listen(host(arguments)), socket -> {
            try (Socket next = sockets.connect(host(arguments), to)) {
                Future<?> back = threads.submit(() -> {
                    copy(next, socket);
                    return null;
                });
                copy(socket, next);
                back.cancel(true);
            }
        }));
    }

    private int accept(ServerSocket listener, Service service) {
        threads.execute(() -> {
            while (true) {
                try {
                    Socket socket = listener.accept();
                    threads.execute(() -> handle(socket, service));
                } catch (IOException e) {
                    LOG.warn("accepting ended: {}", e.getMessage());
                    return;
                }
            }
        });
        return listener.getLocalPort();
    }

    private static void handle(Socket socket, Service service) {
        try (socket) {
            socket.setTcpNoDelay(true);
            service.serve(socket);
        } catch (IOException e) {
            LOG.debug("a connection ended: {}", e.getMessage());
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        out.flush();
    }

    private void answerRequests(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        while (true) {
            long bytes;
            try {
                bytes = in.readLong();
            } catch (EOFException end) {
                return;
            }
            int wanted = in.readInt();
            drain(in, buffer, bytes);
            out.write(buffer, 0, wanted);
        }
    }

    private static void drain(InputStream in, byte[] buffer, long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            left -= n;
        }
    }

    /** Sends {@code bytes} to {@code port} and waits for one byte. Answers {@code seconds}. */
    private void bulk(JsonNode arguments, ObjectNode answer) throws Exception {
        long bytes = arguments.path("bytes").asLong();
        byte[] buffer = new byte[BUFFER];
        try (Socket socket = sockets(arguments)
                .connect(host(arguments), arguments.path("port").asInt())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            long began = System.nanoTime();
            out.writeLong(bytes);
            out.writeInt(1);
            for (long left = bytes; left > 0; left -= buffer.length) {
                out.write(buffer, 0, (int) Math.min(buffer.length, left));
            }
            out.flush();
            drain(socket.getInputStream(), buffer, 1);
            answer.put("seconds", (System.nanoTime() - began) / 1e9);
        }
    }

    /** {@code count} round trips of {@code bytes}. Answers {@code nanos} of each. */
    private void trips(JsonNode arguments, ObjectNode answer) throws Exception {
        int bytes = arguments.path("bytes").asInt();
        java.nio.ByteBuffer request =
                java.nio.ByteBuffer.allocate(12 + bytes).putLong(bytes).putInt(bytes);
        byte[] buffer = new byte[BUFFER];
        ArrayNode nanos = answer.putArray("nanos");
        try (Socket socket = sockets(arguments)
                .connect(host(arguments), arguments.path("port").asInt())) {
            for (int i = 0; i < arguments.path("count").asInt(); i++) {
                long began = System.nanoTime();
                socket.getOutputStream().write(request.array());
                drain(socket.getInputStream(), buffer, bytes);
                nanos.add(System.nanoTime() - began);
            }
        }
    }
}
