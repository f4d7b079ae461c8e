package io.zitipekko.api.client;

import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.fabric.TerminatorStatus;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.transport.channel.VersionInfo;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A fabric in which exactly the router {@code online} is connected, and hosts every service that is asked about. */
final class FabricWithOneRouter {
    static final RouterId ONLINE = new RouterId("online");

    private FabricWithOneRouter() {}

    /** Only the questions that the client API asks are answered. */
    static FabricDirectory create() {
        return (FabricDirectory) Proxy.newProxyInstance(
                FabricDirectory.class.getClassLoader(),
                new Class<?>[] {FabricDirectory.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "router" -> args[0].equals(ONLINE) ? Optional.of(status()) : Optional.empty();
                    case "isConnected" ->
                        args[0] instanceof IdentityId id && id.value().equals("host");
                    case "terminators" -> List.of(terminator((ServiceId) args[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static RouterStatus status() {
        return new RouterStatus(
                ONLINE,
                Instant.now(),
                new InetSocketAddress("127.0.0.1", 1),
                new VersionInfo("v2.1.0", "r", "d", "linux", "amd64"),
                BigInteger.ZERO,
                List.of(),
                Map.of(),
                "er.test",
                Map.of("tls", "tls://er.test:3022"),
                RouterStatus.SyncStatus.DONE,
                List.of());
    }

    private static TerminatorStatus terminator(ServiceId service) {
        return new TerminatorStatus(
                new Terminator(
                        new TerminatorId("t1"),
                        Entity.Meta.created(Instant.now(), Map.of()),
                        service,
                        ONLINE,
                        "edge",
                        "t1",
                        "instance",
                        new byte[0],
                        0,
                        Precedence.DEFAULT,
                        Map.of(),
                        null),
                0,
                true);
    }
}
