package io.zitipekko.bench.agent;

import com.typesafe.config.ConfigFactory;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** The application that an agent is: an actor system and, once connected, an identity of the SDK. Made when first used. */
final class Application {
    private static final long PATIENCE_SECONDS = 120;
    private static final int AT_ONCE = 16;

    private @Nullable ActorSystem<Void> system;
    private @Nullable ZitiContext ziti;

    ActorSystem<Void> system() {
        if (system == null) {
            system = ActorSystem.create(
                    Behaviors.empty(),
                    "application",
                    ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-application")));
        }
        return system;
    }

    ZitiContext ziti() {
        if (ziti == null) {
            throw new IllegalStateException("not connected");
        }
        return ziti;
    }

    void connect(Path identity) throws Exception {
        ziti = await(login(identity));
    }

    CompletionStage<ZitiContext> login(Path identity) throws IOException {
        return ZitiContext.connect(system(), ZitiIdentityFile.read(identity));
    }

    static <T> T await(CompletionStage<T> work) throws Exception {
        return work.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Does so many things, {@value #AT_ONCE} at once, and waits for all. */
    static <T> List<T> awaitAll(int count, IntFunction<CompletionStage<T>> work) throws Exception {
        List<CompletionStage<T>> started = new ArrayList<>();
        List<T> results = new ArrayList<>();
        for (int i = 0; i < count + AT_ONCE; i++) {
            if (i < count) {
                started.add(work.apply(i));
            }
            if (i >= AT_ONCE) {
                results.add(await(started.get(i - AT_ONCE)));
            }
        }
        return results;
    }
}
