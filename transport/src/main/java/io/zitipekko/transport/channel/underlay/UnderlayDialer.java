package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelHandlerFactory;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.HandshakeException;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.frame.MessageFraming;
import io.zitipekko.transport.channel.frame.VersionReplyException;
import io.zitipekko.transport.channel.group.GroupSpec;
import io.zitipekko.transport.channel.group.Underlay;
import io.zitipekko.transport.channel.group.UnderlayGroup;
import io.zitipekko.transport.control.Capabilities;
import io.zitipekko.transport.eventloop.EventLoopConfigurator;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.tls.TlsPeer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.jspecify.annotations.Nullable;

/** Dials the first underlay of a channel, and through it makes the {@link Channel}; {@link UnderlayKeeper} adds the others. */
public final class UnderlayDialer {
    private final ClassicActorSystemProvider system;
    private final ChannelDial spec;
    private final UnderlayTransport transport;

    public UnderlayDialer(ClassicActorSystemProvider system, ChannelDial spec, UnderlayTransport transport) {
        this.system = system;
        this.spec = spec;
        this.transport = transport;
    }

    /** Dials once; a listener that only says that it speaks our version of framing is asked a second time. */
    public CompletionStage<Channel> dial(ChannelHandlerFactory factory) {
        return dialFirst(factory)
                .exceptionallyCompose(failure ->
                        speaksOurVersion(failure) ? dialFirst(factory) : CompletableFuture.failedFuture(failure));
    }

    private static boolean speaksOurVersion(Throwable failure) {
        return failure instanceof VersionReplyException reply
                && reply.versions().contains(MessageFraming.VERSION);
    }

    private CompletionStage<Channel> dialFirst(ChannelHandlerFactory factory) {
        CompletableFuture<Channel> dialed = new CompletableFuture<>();
        Headers.Builder headers = spec.helloHeaders().toBuilder();
        if (spec.grouped()) {
            headers.string(ChannelHeaders.TYPE, spec.kind().firstType())
                    .bool(ChannelHeaders.IS_GROUPED, true)
                    .bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION, true);
        }
        run(headers.build(), spec.kind().firstType(), new DialingHandshake.Target() {
            @Override
            public @Nullable UnderlayGroup attach(Underlay underlay, Message result, TlsPeer peer) {
                UnderlayGroup group = new UnderlayGroup(system, settle(result, peer));
                group.attach(underlay);
                try {
                    group.open(factory.attach(group));
                } catch (RuntimeException e) {
                    group.close("no handler: " + e);
                    dialed.completeExceptionally(e);
                    return group;
                }
                keep(group);
                dialed.complete(group);
                return group;
            }

            @Override
            public void failed(Throwable cause) {
                dialed.completeExceptionally(cause);
            }
        });
        return dialed;
    }

    private GroupSpec settle(Message result, TlsPeer peer) {
        Headers headers = result.headers();
        byte[] secret = headers.bytes(ChannelHeaders.GROUP_SECRET).orElseGet(() -> new byte[0]);
        // A listener that does not group leaves header 9 out; without a secret nothing could join.
        boolean grouped = spec.grouped() && headers.bool(ChannelHeaders.IS_GROUPED) && secret.length > 0;
        String id = spec.helloHeaders()
                .string(ChannelHeaders.CONNECTION_ID)
                .filter(own -> !own.isEmpty())
                .or(() -> headers.string(ChannelHeaders.CONNECTION_ID))
                .orElse("");
        return new GroupSpec(
                spec.kind(),
                spec.options(),
                id,
                grouped,
                true,
                grouped ? secret : new byte[0],
                "",
                result,
                peer,
                SharedMemory.unbounded());
    }

    private void keep(UnderlayGroup group) {
        if (group.spec().grouped()) {
            UnderlayKeeper keeper = new UnderlayKeeper(system, spec, wanted(group), type -> join(group, type));
            group.supplyWith(keeper);
        }
    }

    private Map<String, Integer> wanted(UnderlayGroup group) {
        boolean mayAdd = !spec.kind().equals(ChannelKind.CONTROL)
                || Capabilities.announcedBy(group.handshake().headers())
                        .testBit(Capabilities.CONTROLLER_GROUPED_CTRL_CHAN);
        return mayAdd ? spec.wantedUnderlays() : Map.of(spec.kind().firstType(), 1);
    }

    /** Dials one more underlay; completes when it has joined. */
    private CompletionStage<UnderlayInfo> join(UnderlayGroup group, String type) {
        CompletableFuture<UnderlayInfo> joined = new CompletableFuture<>();
        Headers headers = spec.helloHeaders().toBuilder()
                .string(ChannelHeaders.CONNECTION_ID, group.connectionId())
                .string(ChannelHeaders.TYPE, type)
                .bool(ChannelHeaders.IS_GROUPED, true)
                .bytes(ChannelHeaders.GROUP_SECRET, group.spec().secret())
                .build();
        run(headers, type, new DialingHandshake.Target() {
            @Override
            public @Nullable UnderlayGroup attach(Underlay underlay, Message result, TlsPeer peer) {
                if (!group.attach(underlay)) {
                    joined.completeExceptionally(new HandshakeException("the channel has closed meanwhile"));
                    return null;
                }
                joined.complete(underlay.info());
                return group;
            }

            @Override
            public void failed(Throwable cause) {
                joined.completeExceptionally(cause);
            }
        });
        return joined;
    }

    private void run(Headers headers, String type, DialingHandshake.Target target) {
        CompletableFuture<TlsPeer> peer = new CompletableFuture<>();
        Message hello = Message.of(ContentTypes.HELLO, headers, spec.helloToken());
        ChannelFlow flow = ChannelFlow.of(new DialingHandshake(hello, type, peer, target), spec.options());
        transport
                .open()
                .joinMat(Flow.fromGraph(flow), Keep.left())
                .withAttributes(ActorAttributes.dispatcher(EventLoopConfigurator.DISPATCHER))
                .run(SystemMaterializer.get(system).materializer())
                .whenComplete((known, failure) -> {
                    if (failure == null) {
                        peer.complete(known);
                    } else {
                        peer.completeExceptionally(failure);
                    }
                });
    }
}
