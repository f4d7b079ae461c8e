package io.zitipekko.transport.channel.underlay;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FramingException;
import io.zitipekko.transport.channel.group.GroupRegistry;
import io.zitipekko.transport.channel.group.Underlay;
import io.zitipekko.transport.channel.group.UnderlayGroup;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.refusal.AddressQuota;
import io.zitipekko.transport.refusal.RefusalLog;
import io.zitipekko.transport.tls.TlsPeer;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.helpers.NOPLogger;

/** The first message in both directions: it is taken, refused, or the underlay fails with a reason; no reservation is left over. */
class HelloFuzzTest {
    private static final TlsPeer PEER = new TlsPeer(
            new InetSocketAddress("127.0.0.1", 1),
            new InetSocketAddress("127.0.0.1", 2),
            "",
            PresentedCertificates.NONE);

    @MethodSource("io.zitipekko.fuzz.WireVectors#frames")
    @FuzzTest
    void aFirstMessageIsTakenOrRefused(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            GroupRegistry groups = new GroupRegistry();
            AcceptingHandshake accepting = new AcceptingHandshake(host(groups), PEER);
            Message hello = first(accepting.decoder(), bytes);
            if (hello != null) {
                HelloHandshake.Outcome outcome =
                        accepting.onFirst(hello).toCompletableFuture().join();
                assertThat(outcome).isNotNull();
                accepting.failed(new IllegalStateException("ended"));
                assertThat(groups.size()).isZero();
            }
            DialingHandshake dialing =
                    new DialingHandshake(hello(), "default", CompletableFuture.completedFuture(PEER), new Target());
            Message result = first(dialing.decoder(), bytes);
            if (result != null) {
                try {
                    dialing.onFirst(result).toCompletableFuture().join();
                } catch (CompletionException refused) {
                    assertThat(refused).hasCauseInstanceOf(io.zitipekko.transport.channel.HandshakeException.class);
                }
            }
        });
    }

    private static Message first(FrameDecoder decoder, byte[] bytes) {
        try {
            decoder.feed(ByteString.fromArray(bytes));
            return decoder.next();
        } catch (FramingException refused) {
            return null;
        }
    }

    private static Message hello() {
        return Message.of(0, Headers.EMPTY, "router1");
    }

    private static AcceptingHandshake.Host host(GroupRegistry groups) {
        return new AcceptingHandshake.Host(
                null,
                ChannelKind.CONTROL,
                ChannelOptions.CONTROL,
                () -> "ctrl1",
                new Acceptor(),
                groups,
                new AddressQuota(Integer.MAX_VALUE),
                RefusalLog.to(NOPLogger.NOP_LOGGER),
                SharedMemory.unbounded());
    }

    /** Takes whoever has a version that can be read. */
    private static final class Acceptor implements ChannelAcceptor {
        @Override
        public CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer) {
            HelloAnswer answer;
            try {
                answer = hello.headers().string(4).map(VersionInfo::parse).isPresent()
                        ? new HelloAnswer.Accept("proved", Headers.EMPTY)
                        : new HelloAnswer.Reject("no version");
            } catch (IllegalArgumentException e) {
                answer = new HelloAnswer.Drop(String.valueOf(e.getMessage()));
            }
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public ChannelHandler onChannel(Channel channel, Hello hello) {
            throw new IllegalStateException("no channel is made here");
        }
    }

    private static final class Target implements DialingHandshake.Target {
        @Override
        public UnderlayGroup attach(Underlay underlay, Message result, TlsPeer peer) {
            throw new IllegalStateException("no channel is made here");
        }

        @Override
        public void failed(Throwable cause) {
            // The outcome is looked at.
        }
    }
}
