package io.zitipekko.actors.log;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Services;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process whose files may not grow beyond 2 MiB stands for one whose disk is full. */
@EnabledOnOs(OS.LINUX)
class DiskFullTest {
    @TempDir
    Path folder;

    @Test
    void refusesWritesAndLosesNothingThatWasAcknowledged() throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 2048; exec \"$0\" -Xmx256m -cp \"$1\" " + DiskFullTest.class.getName() + " \"$2\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        folder.resolve("n1").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(writer.waitFor()).as(output).isZero();

        assertThat(output).contains("refused: UNWRITABLE", "then: UNWRITABLE", "free space on its disk");
        int acknowledged = Integer.parseInt(output.replaceAll("(?s).*acknowledged: (\\d+).*", "$1"));
        assertThat(acknowledged).isPositive();
        try (TestControllers controllers = new TestControllers(folder)) {
            ReplicatedModel model = controllers.startAlone("n1");
            for (int i = 0; i < acknowledged; i++) {
                assertThat(model.view().get(Services.TYPE, new ServiceId("s" + i)))
                        .isPresent();
            }
            assertThat(model.propose(proposal(put(service("more"))))).succeedsWithin(java.time.Duration.ofSeconds(10));
        }
    }

    /** The writer: writes until it is refused. */
    public static void main(String[] arguments) {
        ActorSystem<Void> system = TestControllers.newSystem(0);
        ReplicatedModel model = TestControllers.await(ReplicatedModel.start(
                        system, ModelLogSettings.alone(Path.of(arguments[0]), "n1", TestControllers.GROUP))
                .toCompletableFuture());
        int acknowledged = 0;
        try {
            for (; acknowledged < 2000; acknowledged++) {
                write(model, acknowledged);
            }
            System.out.println("never refused");
        } catch (CompletionException e) {
            ModelException refusal = (ModelException) e.getCause();
            System.out.println("refused: " + refusal.kind() + " " + refusal.getMessage());
        }
        System.out.println("acknowledged: " + acknowledged);
        try {
            write(model, 9999);
        } catch (CompletionException e) {
            System.out.println("then: " + ((ModelException) e.getCause()).kind());
        }
        // Like a killed process: nothing is put in order.
        Runtime.getRuntime().halt(0);
    }

    private static void write(ReplicatedModel model, int number) {
        Service large = new Service(
                new ServiceId("s" + number),
                Entity.Meta.created(THEN, Map.of("note", "x".repeat(10_000))),
                "s" + number,
                true,
                "random",
                Set.of(),
                List.of(),
                0);
        TestControllers.await(model.propose(proposal(put(large))).toCompletableFuture());
    }
}
