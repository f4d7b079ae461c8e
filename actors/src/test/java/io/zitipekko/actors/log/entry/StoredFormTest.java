package io.zitipekko.actors.log.entry;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.writer.BuiltIns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredFormTest {
    @TempDir
    Path folder;

    static Stream<Change> oneOfEachKind() {
        return Stream.concat(
                BuiltIns.proposal().changes().stream().limit(2),
                Stream.of(
                        put(config("c1", "t", "{\"port\":80,\"ratio\":1.5,\"list\":[1,null,\"x\"]}")),
                        put(hosting(identity("i1", "b", "a"), "s1", Map.of("t", "c1"))),
                        put(administrator("admin")),
                        put(service("s1", "web")),
                        put(router("r1", true, "east")),
                        put(postureCheck(
                                "os",
                                new PostureCheck.OperatingSystems(List.of(
                                        new PostureCheck.OperatingSystem(
                                                PostureCheck.OsType.LINUX, List.of(">=5.4.0", "4.19.x")),
                                        new PostureCheck.OperatingSystem(PostureCheck.OsType.MAC_OS, List.of()))),
                                "a")),
                        put(postureCheck("domain", new PostureCheck.Domains(List.of("corp.example.org")))),
                        put(postureCheck("mac", new PostureCheck.MacAddresses(List.of("00:1B:44:11:3A:B7")))),
                        put(postureCheck("mfa", new PostureCheck.Mfa(PostureCheck.Mfa.NO_TIMEOUT, true, false, true))),
                        put(postureCheck("process", new PostureCheck.SingleProcess(program()))),
                        put(postureCheck(
                                "processes", new PostureCheck.ProcessMulti(Semantic.ANY_OF, List.of(program())))),
                        put(Cas.TYPE, ca("ca1", true)),
                        put(certificate("a1", "i1")),
                        put(password("a2", "i1", "joe")),
                        put(enrollment("e1", "i1", "t1")),
                        put(servicePolicy(
                                "p1", PolicyType.BIND, Semantic.ALL_OF, List.of("#a", "@i1"), List.of("#all"))),
                        put(edgeRouterPolicy("p2", Semantic.ANY_OF, List.of("#all"), List.of("@r1"))),
                        put(serviceEdgeRouterPolicy("p3", Semantic.ANY_OF, List.of("#all"), List.of("#all"))),
                        put(terminator("t1", "s1", "r1")),
                        put(apiSession("as1", "i1", "a1")),
                        put(ApiSessionCertificates.TYPE, apiSessionCertificate("asc1", "as1")),
                        put(session("se1", "as1", "i1", "s1"))));
    }

    private static PostureCheck.Program program() {
        return new PostureCheck.Program(
                PostureCheck.OsType.WINDOWS_SERVER, "C:\\agent.exe", List.of("AB:CD"), List.of("01 23"));
    }

    @ParameterizedTest
    @MethodSource("oneOfEachKind")
    void readsEveryKindBackAsItWas(Change change) throws IOException {
        Change.Put<?> put = (Change.Put<?>) change;

        Entity read = ModelCodec.decodeEntity(put.type(), ModelCodec.encodeEntity(put.entity()));

        assertThat(read).isEqualTo(put.entity());
    }

    @Test
    void coversEveryKind() {
        assertThat(oneOfEachKind().map(Change::type).distinct().toList())
                .containsExactlyInAnyOrderElementsOf(EntityTypes.all());
    }

    @Test
    void keepsTheNamesOfKinds() {
        assertThat(EntityTypes.all())
                .as("stored names never change")
                .extracting(EntityType::name)
                .containsExactlyInAnyOrder(
                        "auth-policies",
                        "config-types",
                        "configs",
                        "identities",
                        "services",
                        "edge-routers",
                        "posture-checks",
                        "cas",
                        "authenticators",
                        "enrollments",
                        "service-policies",
                        "edge-router-policies",
                        "service-edge-router-policies",
                        "terminators",
                        "api-sessions",
                        "api-session-certificates",
                        "sessions");
    }

    @Test
    void ignoresFieldsOfANewerVersionAndDefaultsThoseOfAnOlder() throws IOException {
        ObjectMapper cbor = new CBORMapper();
        Map<String, Object> fields = new java.util.LinkedHashMap<>();
        fields.put("id", "s1");
        fields.put("meta", Map.of("createdAt", "2026-11-22T09:00:00Z", "updatedAt", "2026-11-22T09:00:00Z"));
        fields.put("name", "web");
        fields.put("fromTheFuture", Map.of("a", List.of(1, 2)));

        Service read = ModelCodec.decodeEntity(Services.TYPE, cbor.writeValueAsBytes(fields));

        assertThat(read.name()).isEqualTo("web");
        assertThat(read.terminatorStrategy()).isEqualTo("smartrouting");
        assertThat(read.roleAttributes()).isEmpty();
        assertThat(read.configs()).isEmpty();
        assertThat(read.meta().tags()).isEmpty();
    }

    @Test
    void sessionsAndEnrollmentsFromBeforeThereWereAuthoritiesRestOnNone() throws IOException {
        ObjectMapper cbor = new CBORMapper();
        Map<String, Object> session = new java.util.LinkedHashMap<>();
        session.put("id", "s1");
        session.put("meta", Map.of("createdAt", "2026-11-22T09:00:00Z", "updatedAt", "2026-11-22T09:00:00Z"));
        session.put("token", "t");
        session.put("identityId", "i1");
        session.put("authenticatorId", "a1");
        Map<String, Object> enrollment = new java.util.LinkedHashMap<>(session);
        enrollment.put("id", "e1");
        enrollment.put("method", "ott");

        assertThat(ModelCodec.decodeEntity(ApiSessions.TYPE, cbor.writeValueAsBytes(session))
                        .caId())
                .isNull();
        assertThat(ModelCodec.decodeEntity(Enrollments.TYPE, cbor.writeValueAsBytes(enrollment))
                        .caId())
                .isNull();
    }

    @Test
    void readsEntriesBack() throws IOException {
        DecidedChanges first = new DecidedChanges(
                new CallId(-7, 1),
                new Proposal.Author("identity", "admin", "Admin"),
                oneOfEachKind().toList());
        DecidedChanges second =
                new DecidedChanges(new CallId(-7, 2), Proposal.Author.CONTROLLER, List.of(delete(Services.TYPE, "s1")));

        LogEntry read = LogEntry.decode(LogEntry.encode(41, "", List.of(first.encoded(), second.encoded())));

        assertThat(read).isEqualTo(new LogEntry(41, "", List.of(first, second)));
    }

    @Test
    void readsProposalsBackWithWhatTheyExpect() throws IOException {
        Proposal proposal =
                proposal(replace(Services.TYPE, service("s1", "a"), service("s1", "b")), delete(Identities.TYPE, "i1"));

        assertThat(ModelCodec.decodeProposal(ModelCodec.encodeProposal(proposal)))
                .isEqualTo(proposal);
    }

    @Test
    void refusesKindsThatItDoesNotKnow() throws IOException {
        byte[] set = new CBORMapper()
                .writeValueAsBytes(Map.of("changes", List.of(Map.of("delete", "things-to-come", "id", "x"))));

        assertThatThrownBy(() -> LogEntry.decode(LogEntry.encode(1, "", List.of(set))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("things-to-come");
    }

    @Test
    void answersGarbageWithAnException() {
        Random random = new Random(7);
        byte[] good = LogEntry.encode(
                41,
                "line",
                List.of(new DecidedChanges(
                                new CallId(1, 2),
                                Proposal.Author.CONTROLLER,
                                oneOfEachKind().toList())
                        .encoded()));
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            for (int flips = 0; flips < 3; flips++) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                LogEntry.decode(bad);
            } catch (IOException expected) {
                // What is wrong with it depends on the place; that it is an IOException does not.
            }
        }
    }

    private static Replica filledReplica() {
        Replica replica = new Replica((call, commit) -> {}, () -> {});
        replica.apply(new LogEntry(
                0,
                "line",
                List.of(
                        new DecidedChanges(
                                new CallId(1, 1),
                                Proposal.Author.CONTROLLER,
                                BuiltIns.proposal().changes()),
                        new DecidedChanges(
                                new CallId(1, 2),
                                Proposal.Author.CONTROLLER,
                                oneOfEachKind().skip(2).toList()))));
        return replica;
    }

    @Test
    void readsSnapshotsBack() throws IOException {
        Replica replica = filledReplica();
        Path file = folder.resolve("snapshot");

        SnapshotFile.write(replica.image(), file);
        Replica.Image read = SnapshotFile.read(file);

        assertThat(read.state().index()).isEqualTo(2);
        assertThat(read.state().timelineId()).isEqualTo("line");
        assertThat(read.calls()).isEqualTo(replica.image().calls());
        for (EntityType<?> type : EntityTypes.all()) {
            assertThat(new ArrayList<Object>(read.state().all(type)))
                    .isEqualTo(new ArrayList<Object>(replica.state().all(type)));
        }
    }

    @Test
    void refusesASnapshotWithOneWrongByteOrTooFewOfThem() throws IOException {
        Path file = folder.resolve("snapshot");
        SnapshotFile.write(filledReplica().image(), file);
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at += 97) {
            byte[] bad = good.clone();
            bad[at] ^= 0x20;
            Files.write(file, bad);
            assertThatThrownBy(() -> SnapshotFile.read(file)).as("byte " + at).isInstanceOf(IOException.class);
            Files.write(file, java.util.Arrays.copyOf(good, at));
            assertThatThrownBy(() -> SnapshotFile.read(file)).as("length " + at).isInstanceOf(IOException.class);
        }
    }

    @Test
    void changesNothingByAnEntryThatDoesNotFollow() {
        Replica replica = filledReplica();
        List<DecidedChanges> sets = List.of(
                new DecidedChanges(new CallId(9, 9), Proposal.Author.CONTROLLER, List.of(delete(Services.TYPE, "s1"))));

        assertThat(replica.apply(new LogEntry(1, "", sets))).isEqualTo(Replica.CONFLICT);
        assertThat(replica.apply(new LogEntry(3, "", sets))).isEqualTo(Replica.CONFLICT);
        assertThat(replica.apply(new LogEntry(0, "another line", sets))).isEqualTo(Replica.CONFLICT);
        assertThat(replica.state().count(Services.TYPE)).isEqualTo(1);
        assertThat(replica.applied(new CallId(9, 9))).isEmpty();
        assertThat(replica.apply(new LogEntry(2, "", sets))).isEqualTo(3);
        assertThat(replica.applied(new CallId(9, 9))).hasValue(3);
    }
}
