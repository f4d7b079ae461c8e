package io.zitipekko.transport.tls;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;

/** An actor system with the settings of a node's data path. */
final class TlsTestSystem {
    private TlsTestSystem() {}

    static ActorSystem start() {
        return ActorSystem.create(
                "tls-test",
                ConfigFactory.parseString(
                                "pekko.loglevel = WARNING\npekko.loggers = [\"org.apache.pekko.event.slf4j.Slf4jLogger\"]")
                        .withFallback(ConfigFactory.parseResources("ziti-transport.conf"))
                        .withFallback(ConfigFactory.load()));
    }

    static void stop(ActorSystem system) {
        system.terminate();
        await(system.getWhenTerminated());
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(180, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
