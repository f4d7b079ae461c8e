package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.bench.BenchException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * One kept-alive connection to a controller's API. Much lighter than the JDK's client, which on two cores would take more of them than
 * the controller that is measured. Blocking; not thread-safe.
 */
public final class ApiConnection implements AutoCloseable {
    /** Where the client API is. */
    public static final String CLIENT = "/edge/client/v1/";
    /** Where the management API is. */
    public static final String MANAGEMENT = "/edge/management/v1/";

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A controller closes what is idle for five seconds. */
    private static final Duration MOST_IDLE = Duration.ofSeconds(2);

    private final SSLContext tls;
    private final int port;
    private final String host;
    private final String token;
    private Socket socket;
    private InputStream in;
    private long lastUsed = System.nanoTime();

    /** @param token of a session; empty for none */
    ApiConnection(SSLContext tls, int port, String token) {
        this.tls = tls;
        this.port = port;
        this.host = "localhost:" + port;
        this.token = token;
        try {
            this.socket = open(tls, port);
            this.in = buffered(socket);
        } catch (IOException e) {
            throw new BenchException("the controller cannot be reached: " + e.getMessage(), e);
        }
    }

    private static Socket open(SSLContext tls, int port) throws IOException {
        Socket socket = tls.getSocketFactory().createSocket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static InputStream buffered(Socket socket) throws IOException {
        return new BufferedInputStream(socket.getInputStream(), 64 << 10);
    }

    /** Opened anew before a request rather than tried again after it: no request is made twice. */
    private void reopenWhenIdle() throws IOException {
        if (System.nanoTime() - lastUsed > MOST_IDLE.toNanos()) {
            socket.close();
            socket = open(tls, port);
            in = buffered(socket);
        }
    }

    public JsonNode get(String path) {
        return parsed(exchange("GET", path, ""));
    }

    public JsonNode post(String path, String body) {
        return parsed(exchange("POST", path, body));
    }

    public JsonNode patch(String path, String body) {
        return parsed(exchange("PATCH", path, body));
    }

    public void delete(String path) {
        exchange("DELETE", path, "");
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return JSON.readTree(body).path("data");
        } catch (IOException e) {
            throw new BenchException("the answer is not JSON: " + e.getMessage(), e);
        }
    }

    /** The body of the answer. @throws BenchException when it is not one of success */
    public byte[] exchange(String method, String path, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: application/json\r\n"
                + (token.isEmpty() ? "" : "zt-session: " + token + "\r\n")
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\n")
                + "Content-Length: " + content.length + "\r\n\r\n";
        try {
            byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
            byte[] request = new byte[headBytes.length + content.length];
            System.arraycopy(headBytes, 0, request, 0, headBytes.length);
            System.arraycopy(content, 0, request, headBytes.length, content.length);
            reopenWhenIdle();
            socket.getOutputStream().write(request);
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                } else if (lower.startsWith("transfer-encoding:")) {
                    throw new BenchException(method + " " + path + ": the answer comes in chunks");
                }
            }
            byte[] answer = in.readNBytes(Math.max(0, length));
            lastUsed = System.nanoTime();
            if (answer.length < length) {
                throw new EOFException("the answer is cut");
            }
            if (!status.startsWith("HTTP/1.1 2")) {
                throw new BenchException(method + " " + path + " was refused: " + status.substring(9) + ": "
                        + new String(answer, StandardCharsets.UTF_8));
            }
            return answer;
        } catch (IOException e) {
            throw new BenchException(method + " " + path + ": " + e.getMessage(), e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the controller closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new BenchException("closing a connection: " + e.getMessage(), e);
        }
    }
}
