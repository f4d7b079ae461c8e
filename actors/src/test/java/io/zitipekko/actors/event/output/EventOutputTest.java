package io.zitipekko.actors.event.output;

import static io.zitipekko.actors.model.Samples.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.event.ApiSessionEvent;
import io.zitipekko.actors.event.AuthenticationEvent;
import io.zitipekko.actors.event.EntityChangeEvent;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.event.SdkEvent;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.IdentityId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventOutputTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Proposal.Author ADMIN = new Proposal.Author("identity", "a1", "Admin")
            .by(new Proposal.Source(
                    "rest", "edge", "127.0.0.1:1280", "127.0.0.1:5000", "PATCH /edge/management/v1/services/s1"));

    private static final String[] NONE = {};

    @TempDir
    Path folder;

    private final EventBus bus = new EventBus();

    private EventOutput toFile(Path file, long maxBytes, int backups, EventSubscription... wanted) throws IOException {
        return EventOutput.start(
                new EventOutputSettings(
                        "test", List.of(wanted), new EventOutputSettings.LogFile(file, maxBytes, backups)),
                "ctrl1",
                bus,
                InstantSource.fixed(NOW));
    }

    private static EventSubscription all(String type) {
        return new EventSubscription(type, Set.of());
    }

    private static EntityChangeEvent changed(Entity before, Entity after) {
        return new EntityChangeEvent(NOW, "updated", "identities", "i1", 7, ADMIN, before, after);
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> out = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            out.add(JSON.readTree(line));
        }
        return out;
    }

    @Test
    void aChangeIsALineThatSaysWhoWhenceWhatAndWhichFields() throws IOException {
        Path file = folder.resolve("audit.log");
        try (EventOutput output = toFile(file, 1 << 20, 0, all("entityChange"))) {
            bus.publish(changed(identity("i1", "before", NONE), identity("i1", "after", NONE)));
            bus.publish(new SdkEvent(NOW, "sdk-online", new IdentityId("i1")));
        }

        assertThat(lines(file)).singleElement().satisfies(line -> {
            assertThat(line.path("namespace").asText()).isEqualTo("entityChange");
            assertThat(line.path("event_src_id").asText()).isEqualTo("ctrl1");
            assertThat(line.path("timestamp").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
            assertThat(line.path("eventType").asText()).isEqualTo("updated");
            assertThat(line.path("metadata").path("author").path("id").asText()).isEqualTo("a1");
            assertThat(line.path("metadata").path("source").path("remoteAddr").asText())
                    .isEqualTo("127.0.0.1:5000");
            assertThat(line.path("metadata").path("source").path("method").asText())
                    .startsWith("PATCH ");
            assertThat(line.path("initialState").path("name").asText()).isEqualTo("before");
            assertThat(line.path("finalState").path("name").asText()).isEqualTo("after");
            assertThat(line.path("changedFields")).hasSize(1).first().hasToString("\"name\"");
        });
    }

    @Test
    void refusalsAreLinesUnderTheNameThatWasAskedFor() throws IOException {
        Path file = folder.resolve("audit.log");
        try (EventOutput output = toFile(
                file,
                1 << 20,
                0,
                new EventSubscription("edge.authentications", Set.of("fail")),
                all("accessRefused"))) {
            bus.publish(new AuthenticationEvent(
                    NOW, true, AuthenticationEvent.Method.PASSWORD, null, null, null, "127.0.0.1", "", false));
            bus.publish(new AuthenticationEvent(
                    NOW,
                    false,
                    AuthenticationEvent.Method.CERTIFICATE,
                    new IdentityId("i1"),
                    null,
                    null,
                    "127.0.0.1",
                    "disabled",
                    false));
            bus.publish(new AccessRefused(
                    NOW,
                    AccessRefused.Door.CONTROL,
                    "router r1",
                    "127.0.0.1:1",
                    "control connection",
                    "no such router"));
        }

        List<JsonNode> lines = lines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("namespace").asText()).isEqualTo("authentication");
        assertThat(lines.get(0).path("event_type").asText()).isEqualTo("fail");
        assertThat(lines.get(0).path("identity_id").asText()).isEqualTo("i1");
        assertThat(lines.get(0).path("reason").asText()).isEqualTo("disabled");
        assertThat(lines.get(1).path("event_type").asText()).isEqualTo("control");
        assertThat(lines.get(1).path("remote_address").asText()).isEqualTo("127.0.0.1:1");
    }

    @Test
    void noSecretOfAnyEntityHasAForm() {
        EventJson json = new EventJson("ctrl1");
        String written = Stream.of(
                        Samples.password("a2", "i1", "joe"),
                        Samples.enrollment("e1", "i1", "TOP-SECRET-TOKEN"),
                        Samples.terminator("t1", "s1", "r1"),
                        identity("i1", "a"))
                .map(entity -> new String(
                        json.line(
                                new EntityChangeEvent(NOW, "created", "x", "x", 1, ADMIN, null, entity),
                                "entityChange"),
                        StandardCharsets.UTF_8))
                .reduce("", String::concat);
        String session = new String(
                json.line(new ApiSessionEvent(NOW, "created", Samples.apiSession("as1", "i1", "a1")), "apiSession"),
                StandardCharsets.UTF_8);

        assertThat(written)
                .contains("\"username\":\"joe\"")
                .doesNotContain("TOP-SECRET-TOKEN", "\"jwt\"", "\"hash\"", "\"salt\"", "\"token\"", "instanceSecret");
        assertThat(session)
                .contains("\"identity_id\":\"i1\"")
                .doesNotContain(Samples.apiSession("as1", "i1", "a1").token());
    }

    @Test
    void publishersNeverWaitAndWhatIsDroppedIsTold() {
        CountDownLatch stuck = new CountDownLatch(1);
        List<String> written = new CopyOnWriteArrayList<>();
        EventLines slow = new EventLines() {
            @Override
            public void write(byte[] line) throws IOException {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                written.add(new String(line, StandardCharsets.UTF_8));
            }

            @Override
            public void close() {}
        };
        EventOutputSettings settings =
                new EventOutputSettings("test", List.of(all("sdk")), new EventOutputSettings.StandardOutput());
        try (EventOutput output = new EventOutput(settings, "ctrl1", bus, InstantSource.fixed(NOW), slow, 4)) {
            for (int i = 0; i < 100; i++) {
                bus.publish(new SdkEvent(NOW, "sdk-online", new IdentityId("i" + i)));
            }
            assertThat(output.dropped()).isBetween(95L, 96L);

            stuck.countDown();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> written.stream().anyMatch(line -> line.contains("events.dropped")));
            assertThat(output.dropped()).isZero();
        }
        assertThat(written.stream().filter(line -> line.contains("\"sdk\"")).count())
                .isBetween(4L, 5L);
    }

    @Test
    void aFileThatHasGrownIsPutAsideAndTheOldestAreDropped() throws IOException {
        Path file = folder.resolve("audit.log");
        Files.writeString(folder.resolve("audit-other.log"), "not ours");
        try (EventOutput output = toFile(file, 400, 2, all("sdk"))) {
            for (int i = 0; i < 30; i++) {
                bus.publish(new SdkEvent(NOW, "sdk-online", new IdentityId("i" + i)));
            }
        }

        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(f -> f.getFileName().toString()).sorted().toList();
        }
        assertThat(names).hasSize(4).contains("audit.log", "audit-other.log");
        assertThat(names)
                .filteredOn(n -> n.startsWith("audit-2026-01-02T03-04-05.678"))
                .hasSize(2);
        assertThat(Files.size(file)).isLessThanOrEqualTo(400);
        List<JsonNode> last = lines(file);
        assertThat(last.get(last.size() - 1).path("identity_id").asText()).isEqualTo("i29");
    }

    @Test
    void aFileThatCannotBeOpenedIsAFailureAtTheStart() {
        assertThatThrownBy(() -> toFile(folder.resolve("no/such/folder/audit.log"), 1000, 0, all("sdk")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
