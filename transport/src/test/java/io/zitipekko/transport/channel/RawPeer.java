package io.zitipekko.transport.channel;

import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.FramingException;
import io.zitipekko.transport.channel.frame.MessageFraming;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** A peer that sends what a test wants, byte for byte. */
final class RawPeer implements AutoCloseable {
    private final Socket socket;
    private final FrameDecoder decoder = FrameDecoder.forDialer(FrameLimits.ofTotal(64 << 20));

    RawPeer(InetSocketAddress to) throws IOException {
        this(new Socket(to.getAddress(), to.getPort()));
    }

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(5000);
        socket.setTcpNoDelay(true);
    }

    void hex(String bytes) throws IOException {
        write(HexFormat.of().parseHex(bytes.replace(" ", "")));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void send(Message message, int sequence) throws IOException {
        write(MessageFraming.encode(message, sequence).toArray());
    }

    /** Sends a Hello and returns the Result, or {@code null} when the connection was closed instead. */
    @Nullable
    Message hello(Headers headers) throws Exception {
        send(Message.of(ContentTypes.HELLO, headers, "raw"), -1);
        return receive();
    }

    /** The next message, or {@code null} at the end of the stream. */
    @Nullable
    Message receive() throws IOException, FramingException {
        while (true) {
            Message message = decoder.next();
            if (message != null) {
                return message;
            }
            byte[] buffer = new byte[65536];
            int count = read(buffer);
            if (count < 0) {
                return null;
            }
            decoder.feed(ByteString.fromArray(Arrays.copyOf(buffer, count)));
        }
    }

    private int read(byte[] buffer) throws IOException {
        try {
            return socket.getInputStream().read(buffer);
        } catch (SocketException reset) {
            return -1;
        }
    }

    /** Everything up to the end of the stream, as hex. */
    String rest() throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[4096];
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            all.append(HexFormat.of().formatHex(buffer, 0, count));
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
