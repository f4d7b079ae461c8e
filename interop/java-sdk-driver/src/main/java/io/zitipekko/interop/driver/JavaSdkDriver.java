package io.zitipekko.interop.driver;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openziti.Ziti;
import org.openziti.ZitiAddress;
import org.openziti.ZitiConnection;
import org.openziti.ZitiContext;
import org.openziti.identity.Enroller;

/**
 * A small application on OpenZiti's own Java SDK, unmodified, run in a JVM of its own by the interop tests. Speaks lines on standard
 * output: what a test waits for starts with {@code @}.
 *
 * <pre>
 * enroll  TOKEN.jwt STORE.p12
 * host    STORE.p12 SERVICE …                   echoes; a connection that starts with "bye" is closed by the host
 * dial    STORE.p12 SERVICE BYTES CONNECTIONS   sends BYTES on each connection, reads the echo, compares SHA-256
 * talk    STORE.p12 SERVICE TEXT                sends TEXT and reads the echo, over and over on one connection, until a line is typed
 * closed  STORE.p12 SERVICE                     sends "bye" and waits for the end of the stream
 * refused STORE.p12 SERVICE                     expects that the dial fails
 * </pre>
 */
public final class JavaSdkDriver {
    private static final char[] PASSWORD = "interop".toCharArray();
    /** The SDK's accepted sockets lose the rest of a message that does not fit the buffer; peers write less than this. */
    private static final int READ_BUFFER = 256 * 1024;

    private static final int WRITE_CHUNK = 32 * 1024;

    private JavaSdkDriver() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "enroll":
                enroll(Path.of(args[1]), Path.of(args[2]));
                break;
            case "host":
                host(context(args[1]), Arrays.asList(args).subList(2, args.length));
                break;
            case "dial":
                dial(context(args[1]), args[2], Long.parseLong(args[3]), Integer.parseInt(args[4]));
                break;
            case "talk":
                talk(context(args[1]), args[2], args[3]);
                break;
            case "closed":
                closedByHost(context(args[1]), args[2]);
                break;
            case "refused":
                refused(context(args[1]), args[2]);
                break;
            default:
                throw new IllegalArgumentException("unknown command " + args[0]);
        }
        System.out.println("@done");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void enroll(Path token, Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, PASSWORD);
        String name = Enroller.fromJWT(Files.readString(token).trim()).enroll(null, keys, "interop");
        try (OutputStream out = Files.newOutputStream(store)) {
            keys.store(out, PASSWORD);
        }
        System.out.println("@enrolled " + name);
    }

    private static ZitiContext context(String store) throws Exception {
        ZitiContext context = Ziti.newContext(new File(store), PASSWORD);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!context.getStatus().toString().contains("Active")) {
            if (System.nanoTime() > deadline) {
                System.out.println("@failed status " + context.getStatus());
                Runtime.getRuntime().halt(3);
            }
            Thread.sleep(50);
        }
        System.out.println("@active " + context.getId());
        return context;
    }

    private static void await(ZitiContext context, String service) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (context.getService(service) == null && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
    }

    private static void host(ZitiContext context, List<String> services) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> hosted = new ArrayList<>();
        for (String service : services) {
            await(context, service);
            AsynchronousServerSocketChannel server = context.openServer();
            server.bind(new ZitiAddress.Bind(service), 128);
            System.out.println("@hosting " + service);
            hosted.add(threads.submit(() -> {
                while (true) {
                    AsynchronousSocketChannel connection = server.accept().get();
                    threads.submit(() -> {
                        echo(connection);
                        return null;
                    });
                }
            }));
        }
        for (Future<?> service : hosted) {
            service.get();
        }
    }

    private static void echo(AsynchronousSocketChannel connection) throws Exception {
        long bytes = 0;
        try (connection) {
            ByteBuffer buffer = ByteBuffer.allocate(READ_BUFFER);
            while (true) {
                buffer.clear();
                int n = connection.read(buffer).get();
                if (n < 0) {
                    break;
                }
                buffer.flip();
                if (bytes == 0 && n >= 3 && new String(buffer.array(), 0, 3, StandardCharsets.US_ASCII).equals("bye")) {
                    break;
                }
                bytes += n;
                while (buffer.hasRemaining()) {
                    int end = buffer.limit();
                    buffer.limit(Math.min(end, buffer.position() + WRITE_CHUNK));
                    while (buffer.hasRemaining()) {
                        connection.write(buffer).get();
                    }
                    buffer.limit(end);
                }
            }
        } finally {
            System.out.println("@ended " + bytes);
        }
    }

    private static void dial(ZitiContext context, String service, long bytes, int connections) throws Exception {
        await(context, service);
        ExecutorService threads = Executors.newCachedThreadPool();
        long start = System.nanoTime();
        List<Future<String>> runs = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int seed = i;
            runs.add(threads.submit((Callable<String>) () -> exchange(context, service, bytes, seed)));
        }
        for (Future<String> run : runs) {
            System.out.println("@echoed " + run.get(10, TimeUnit.MINUTES));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("@exchanged %d connections, %d bytes each way each, %.2f s%n", connections, bytes, seconds);
    }

    private static String exchange(ZitiContext context, String service, long bytes, int seed) throws Exception {
        ZitiConnection connection = context.dial(service);
        connection.setTimeout(120_000);
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        Thread writer = new Thread(() -> {
            try {
                OutputStream out = connection.getOutputStream();
                Random random = new Random(seed);
                byte[] chunk = new byte[WRITE_CHUNK];
                for (long left = bytes; left > 0; ) {
                    random.nextBytes(chunk);
                    int n = (int) Math.min(left, chunk.length);
                    byte[] part = n == chunk.length ? chunk.clone() : Arrays.copyOf(chunk, n);
                    sent.update(part);
                    out.write(part);
                    left -= n;
                }
                out.flush();
            } catch (Exception e) {
                System.out.println("@failed write " + e);
                Runtime.getRuntime().halt(4);
            }
        });
        writer.start();
        InputStream in = connection.getInputStream();
        byte[] buffer = new byte[READ_BUFFER];
        for (long left = bytes; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new IllegalStateException("the stream ended with " + left + " bytes missing");
            }
            received.update(buffer, 0, n);
            left -= n;
        }
        writer.join();
        connection.close();
        String there = HexFormat.of().formatHex(sent.digest());
        String back = HexFormat.of().formatHex(received.digest());
        if (!there.equals(back)) {
            throw new IllegalStateException("sent " + there + " but received " + back);
        }
        return back;
    }

    private static void talk(ZitiContext context, String service, String text) throws Exception {
        await(context, service);
        ZitiConnection connection = context.dial(service);
        connection.setTimeout(120_000);
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        OutputStream out = connection.getOutputStream();
        InputStream in = connection.getInputStream();
        byte[] heard = new byte[said.length];
        long rounds = 0;
        while (System.in.available() == 0) {
            out.write(said);
            out.flush();
            for (int have = 0; have < heard.length; ) {
                int n = in.read(heard, have, heard.length - have);
                if (n < 0) {
                    throw new IllegalStateException("the stream ended in round " + rounds);
                }
                have += n;
            }
            if (!Arrays.equals(said, heard)) {
                throw new IllegalStateException("another text came back in round " + rounds);
            }
            System.out.println("@round " + ++rounds);
        }
        connection.close();
    }

    private static void closedByHost(ZitiContext context, String service) throws Exception {
        await(context, service);
        ZitiConnection connection = context.dial(service);
        connection.setTimeout(30_000);
        connection.write("bye".getBytes(StandardCharsets.US_ASCII));
        int n = connection.read(new byte[1024], 0, 1024);
        System.out.println(n < 0 ? "@end-of-stream" : "@failed read " + n);
    }

    private static void refused(ZitiContext context, String service) {
        try {
            ZitiConnection connection = context.dial(service);
            connection.setTimeout(10_000);
            System.out.println("@failed connected to " + connection);
        } catch (Exception e) {
            System.out.println("@refused " + e);
        }
    }
}
