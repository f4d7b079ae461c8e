package io.zitipekko.actors.fabric;

import static io.zitipekko.actors.model.Samples.put;
import static io.zitipekko.actors.model.Samples.service;
import static io.zitipekko.actors.model.Samples.terminator;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Cuts;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.CircuitConfirmation;
import io.zitipekko.transport.control.proto.RouterLinks;
import io.zitipekko.transport.control.proto.VerifyRouter;
import io.zitipekko.transport.edge.EdgeHeader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a router may send to its controller: whatever it is, the controller goes on serving that router and the others. */
class ControlRequestsFuzzTest {
    private static final int[] TYPES = constants(ControlContentType.class);
    private static final int[] HEADERS = IntStream.concat(
                    IntStream.of(constants(ControlHeader.class)), IntStream.of(constants(EdgeHeader.class)))
            .distinct()
            .toArray();
    private static final TestFabric NETWORK = new TestFabric();
    private static final FakeRouter OTHER = NETWORK.connect("other");

    static {
        NETWORK.change(put(service("s1")), put(terminator("t1", "s1", "other")));
    }

    private static int routers;
    private static FakeRouter router = nextRouter();

    private static FakeRouter nextRouter() {
        // Its certificate is made by the machine's clock.
        NETWORK.clock.advance(Duration.between(NETWORK.clock.instant(), Instant.now()));
        return NETWORK.connect("r" + ++routers);
    }

    private static int[] constants(Class<?> holder) {
        return Stream.of(holder.getFields())
                .filter(f -> Modifier.isStatic(f.getModifiers()) && f.getType() == int.class)
                .mapToInt(ControlRequestsFuzzTest::value)
                .toArray();
    }

    private static int value(Field constant) {
        try {
            return constant.getInt(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Type, body, then headers as pairs of id and value. */
    static Stream<byte[]> requests() {
        return Stream.of(
                request(
                        ControlContentType.VERIFY_ROUTER,
                        VerifyRouter.newBuilder()
                                .setRouterId("other")
                                .addFingerprints("ab")
                                .build()
                                .toByteArray()),
                request(
                        ControlContentType.ROUTER_LINKS,
                        RouterLinks.newBuilder()
                                .setFullRefresh(true)
                                .addLinks(RouterLinks.RouterLink.newBuilder()
                                        .setId("l1")
                                        .setDestRouterId("other")
                                        .setLinkProtocol("tls")
                                        .setIteration(1))
                                .build()
                                .toByteArray()),
                request(
                        ControlContentType.CIRCUIT_CONFIRMATION,
                        CircuitConfirmation.newBuilder()
                                .addCircuitIds("c1")
                                .build()
                                .toByteArray()),
                request(ControlContentType.ROUTE, new byte[0]));
    }

    private static byte[] request(int type, byte[] body, byte[]... headers) {
        byte[][] parts = new byte[2 + headers.length][];
        parts[0] = index(TYPES, type);
        parts[1] = body;
        System.arraycopy(headers, 0, parts, 2, headers.length);
        return Cuts.join(parts);
    }

    private static byte[] index(int[] values, int wanted) {
        return new byte[] {
            (byte) IntStream.range(0, values.length)
                    .filter(i -> values[i] == wanted)
                    .findFirst()
                    .orElseThrow()
        };
    }

    @MethodSource("requests")
    @FuzzTest
    void whateverARouterSendsItAndTheOthersAreServedAfterwards(byte[] bytes) {
        List<byte[]> parts = Cuts.apart(bytes);
        if (parts.size() < 2) {
            return;
        }
        int type = one(TYPES, parts.get(0));
        Headers.Builder headers = Headers.builder();
        for (int i = 2; i + 1 < parts.size(); i += 2) {
            headers.bytes(one(HEADERS, parts.get(i)), parts.get(i + 1));
        }

        router.channel().receive(Message.of(type, headers.build(), parts.get(1)));

        if (type == ControlContentType.DECOMMISSION_ROUTER) {
            // It has sent itself away.
            router = nextRouter();
        }
        served(router);
        served(OTHER);
        router.channel().sent().clear();
    }

    private static int one(int[] of, byte[] by) {
        return of[by.length == 0 ? 0 : Byte.toUnsignedInt(by[0]) % of.length];
    }

    private static void served(FakeRouter who) {
        Message answer = who.ask(
                ControlContentType.VERIFY_ROUTER,
                VerifyRouter.newBuilder().setRouterId("nobody").build());
        assertThat(answer.bodyText()).contains("nobody");
    }
}
