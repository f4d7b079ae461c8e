package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.MessageFraming;
import io.zitipekko.transport.channel.group.GroupRegistry;
import io.zitipekko.transport.channel.group.GroupRegistry.Claim;
import io.zitipekko.transport.channel.group.GroupSpec;
import io.zitipekko.transport.channel.group.Underlay;
import io.zitipekko.transport.channel.group.UnderlayGroup;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.refusal.AddressQuota;
import io.zitipekko.transport.refusal.RefusalLog;
import io.zitipekko.transport.tls.TlsPeer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener's side of a Hello (protocol/01 sections 6.4 and 7): asks the acceptor, settles the group, answers with a Result.
 *
 * <pre>
 *   Hello -> onHello -> Drop:   close, no Result
 *                    -> Reject: Result(false), close
 *                    -> Accept: ungrouped             -> Result, new channel
 *                               id unknown, header 11 -> reserve, Result, new channel
 *                               id unknown            -> close, no Result
 *                               id being created      -> wait up to a second, look again
 *                               id live, other proven -> close, no Result
 *                               id live               -> Result; join if the secret is right, else close
 * </pre>
 */
public final class AcceptingHandshake implements HelloHandshake {
    private static final Logger log = LoggerFactory.getLogger(AcceptingHandshake.class);
    private static final int SECRET_BYTES = 16;
    private static final int HANDSHAKE_SEQUENCE = -1;
    private static final String DEFAULT_TYPE = "default";
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * What all underlays of one listener share.
     *
     * @param ownToken Result header 8
     * @param hellos how many may be unsettled at a time
     * @param memory what the lanes of all its channels have together
     */
    public record Host(
            ClassicActorSystemProvider system,
            ChannelKind kind,
            ChannelOptions options,
            Supplier<String> ownToken,
            ChannelAcceptor acceptor,
            GroupRegistry groups,
            AddressQuota hellos,
            RefusalLog refusals,
            SharedMemory memory) {}

    /** Among those of its address whose hello is not settled. */
    private enum Place {
        NONE,
        TAKEN,
        GIVEN_BACK
    }

    private final Host host;
    private final TlsPeer peer;
    private final AtomicReference<Place> place = new AtomicReference<>(Place.NONE);
    /** The id that this underlay has reserved and not yet created. */
    private GroupRegistry.@Nullable Reservation reservation;

    private boolean over;

    public AcceptingHandshake(Host host, TlsPeer peer) {
        this.host = host;
        this.peer = peer;
    }

    @Override
    public boolean begin() {
        if (!host.hellos().tryEnter(peer.remote().getAddress())) {
            host.refusals().refused(peer.remote(), "hello", "too many connections from there without a hello");
            return false;
        }
        place.set(Place.TAKEN);
        return true;
    }

    /** Gives its place back, once. @param refusal why, or nothing when the hello is accepted */
    private void settled(Optional<String> refusal) {
        if (place.compareAndSet(Place.TAKEN, Place.GIVEN_BACK)) {
            host.hellos().leave(peer.remote().getAddress());
            refusal.ifPresent(why -> host.refusals().refused(peer.remote(), "hello", why));
        }
    }

    @Override
    public ByteString opening() {
        return ByteString.emptyByteString();
    }

    @Override
    public FrameDecoder decoder() {
        return FrameDecoder.forListener(FrameLimits.HELLO);
    }

    @Override
    public ByteString answerToUnknownVersion() {
        return MessageFraming.unknownVersionReply();
    }

    @Override
    public CompletionStage<Outcome> onFirst(Message first) {
        if (first.contentType() != ContentTypes.HELLO) {
            return done(refuse("its first message is of type " + first.contentType() + " (expected: 0, Hello)"));
        }
        Hello hello = new Hello(first.bodyText(), first.headers());
        CompletionStage<HelloAnswer> answer;
        try {
            answer = host.acceptor().onHello(hello, peer);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return answer.thenCompose(decided -> decide(first, hello, decided));
    }

    private CompletionStage<Outcome> decide(Message first, Hello hello, HelloAnswer answer) {
        if (answer instanceof HelloAnswer.Drop drop) {
            return done(refuse(drop.reason()));
        }
        if (answer instanceof HelloAnswer.Reject reject) {
            settled(Optional.of(reject.text()));
            Message result = Message.of(
                    ContentTypes.RESULT,
                    Headers.builder()
                            .int32(ChannelHeaders.REPLY_FOR, first.sequence())
                            .bool(ChannelHeaders.RESULT_SUCCESS, false)
                            .build(),
                    reject.text());
            return done(new Outcome.Refuse(MessageFraming.encode(result, HANDSHAKE_SEQUENCE), reject.text()));
        }
        HelloAnswer.Accept accept = (HelloAnswer.Accept) answer;
        Headers headers = hello.headers();
        if (!headers.bool(ChannelHeaders.IS_GROUPED)) {
            return done(open(first, hello, accept, newId(), false, new byte[0], null));
        }
        String named = headers.string(ChannelHeaders.CONNECTION_ID).orElse("");
        return grouped(first, hello, accept, named.isEmpty() ? newId() : named, true);
    }

    private CompletionStage<Outcome> grouped(
            Message first, Hello hello, HelloAnswer.Accept accept, String id, boolean mayWait) {
        Headers headers = hello.headers();
        byte[] shown = headers.bytes(ChannelHeaders.GROUP_SECRET).orElseGet(() -> new byte[0]);
        Claim claim = host.groups().claim(id, headers.bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION));
        if (claim instanceof Claim.Live live) {
            return done(join(first, hello, accept, live.group(), shown));
        }
        if (claim instanceof Claim.Pending pending) {
            if (!mayWait) {
                return done(refuse("group " + id + " is being created again and again"));
            }
            return pending.settled()
                    .handle((group, failure) -> failure)
                    .thenCompose(failure -> failure instanceof java.util.concurrent.TimeoutException
                            ? done(refuse("group " + id + " was not created within a second"))
                            : grouped(first, hello, accept, id, false));
        }
        if (claim instanceof Claim.Reserved reserved) {
            // A group that its dialer builds up again keeps its secret, if that is a secret at all.
            byte[] secret = shown.length >= SECRET_BYTES ? shown : newSecret();
            reserve(reserved.reservation());
            return done(open(first, hello, accept, id, true, secret, reserved.reservation()));
        }
        return done(refuse("it joins group " + id + ", which does not exist"));
    }

    /** Remembers what to give back if the underlay ends before the group is there; gives it back if it has ended already. */
    private synchronized void reserve(GroupRegistry.@Nullable Reservation mine) {
        if (mine != null && over) {
            mine.release();
        } else {
            reservation = mine;
        }
    }

    private Outcome join(Message first, Hello hello, HelloAnswer.Accept accept, UnderlayGroup group, byte[] shown) {
        GroupSpec spec = group.spec();
        if (!spec.proven().equals(accept.proven())) {
            return refuse("it joins group " + spec.connectionId() + " of another peer: it proved '" + accept.proven()
                    + "' (expected: '" + spec.proven() + "')");
        }
        byte[] echoed = shown.length == 0 ? newSecret() : shown;
        ByteString result = result(first, hello, accept, spec.connectionId(), true, echoed);
        return new Outcome.Open(result, info(hello), underlay -> {
            if (!spec.admits(shown)) {
                settled(Optional.of("it shows a wrong secret for group " + spec.connectionId()));
                return null;
            }
            settled(Optional.empty());
            return group.attach(underlay) ? group : null;
        });
    }

    private Outcome open(
            Message first,
            Hello hello,
            HelloAnswer.Accept accept,
            String id,
            boolean grouped,
            byte[] secret,
            GroupRegistry.@Nullable Reservation reserved) {
        ByteString result = result(first, hello, accept, id, grouped, secret);
        GroupSpec spec = new GroupSpec(
                host.kind(), host.options(), id, grouped, false, secret, accept.proven(), first, peer, host.memory());
        settled(Optional.empty());
        return new Outcome.Open(result, info(hello), underlay -> create(underlay, spec, hello, reserved));
    }

    private @Nullable UnderlayGroup create(
            Underlay underlay, GroupSpec spec, Hello hello, GroupRegistry.@Nullable Reservation reserved) {
        UnderlayGroup group = new UnderlayGroup(host.system(), spec);
        group.attach(underlay);
        try {
            group.open(host.acceptor().onChannel((Channel) group, hello));
        } catch (RuntimeException e) {
            log.error("no handler for the channel from {}", peer.remote(), e);
            group.open(NO_HANDLER);
            group.close("internal error: " + e);
        }
        if (reserved != null) {
            reserve(null);
            reserved.created(group);
        }
        return group;
    }

    private ByteString result(
            Message first, Hello hello, HelloAnswer.Accept accept, String id, boolean grouped, byte[] secret) {
        Headers.Builder headers = Headers.builder()
                .string(ChannelHeaders.CONNECTION_ID, id)
                .int32(ChannelHeaders.REPLY_FOR, first.sequence())
                .bool(ChannelHeaders.RESULT_SUCCESS, true);
        Headers own = accept.resultHeaders();
        String type = hello.headers().string(ChannelHeaders.TYPE).orElse("");
        if (!type.isEmpty()) {
            headers.string(ChannelHeaders.TYPE, type);
        }
        headers.string(ChannelHeaders.ID, host.ownToken().get());
        if (grouped) {
            headers.bool(ChannelHeaders.IS_GROUPED, true).bytes(ChannelHeaders.GROUP_SECRET, secret);
        }
        own.forEach(headers::bytes);
        return MessageFraming.encode(
                Message.of(ContentTypes.RESULT, headers.build(), ByteString.emptyByteString()), HANDSHAKE_SEQUENCE);
    }

    private UnderlayInfo info(Hello hello) {
        String type = hello.headers().string(ChannelHeaders.TYPE).orElse("");
        return new UnderlayInfo(UnderlayIds.next(), type.isEmpty() ? DEFAULT_TYPE : type, peer);
    }

    @Override
    public synchronized void failed(Throwable cause) {
        over = true;
        if (reservation != null) {
            reservation.release();
            reservation = null;
        }
        settled(Optional.of(String.valueOf(cause.getMessage())));
    }

    private Outcome refuse(String reason) {
        settled(Optional.of(reason));
        return new Outcome.Refuse(ByteString.emptyByteString(), peer.remote() + ": " + reason);
    }

    private static CompletionStage<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    private static byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return secret;
    }

    private static String newId() {
        byte[] id = new byte[12];
        RANDOM.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    private static final ChannelHandler NO_HANDLER = new ChannelHandler() {
        @Override
        public void onMessage(Message message) {
            throw new IllegalStateException("a channel without a handler is closed and gets no messages");
        }

        @Override
        public void onClosed(String reason) {
            log.debug("channel without a handler closed: {}", reason);
        }
    };
}
