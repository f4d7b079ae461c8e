package io.zitipekko.actors.model.type;

import static io.zitipekko.actors.model.Samples.delete;
import static io.zitipekko.actors.model.Samples.postureCheck;
import static io.zitipekko.actors.model.Samples.proposal;
import static io.zitipekko.actors.model.Samples.put;
import static io.zitipekko.actors.model.Samples.replace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zitipekko.actors.log.entry.ModelCodec;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.Domains;
import io.zitipekko.actors.model.entity.PostureCheck.MacAddresses;
import io.zitipekko.actors.model.entity.PostureCheck.Mfa;
import io.zitipekko.actors.model.entity.PostureCheck.OperatingSystem;
import io.zitipekko.actors.model.entity.PostureCheck.OperatingSystems;
import io.zitipekko.actors.model.entity.PostureCheck.OsType;
import io.zitipekko.actors.model.entity.PostureCheck.ProcessMulti;
import io.zitipekko.actors.model.entity.PostureCheck.Program;
import io.zitipekko.actors.model.entity.PostureCheck.SingleProcess;
import io.zitipekko.actors.model.entity.PostureCheck.Subtype;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.writer.InMemoryModel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostureChecksTest {
    private final InMemoryModel model = InMemoryModel.create();

    private void commit(Change... changes) {
        model.propose(proposal(changes)).toCompletableFuture().join();
    }

    private void refused(String field, Change... changes) {
        Throwable thrown = catchThrowable(() -> commit(changes));
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOfSatisfying(ModelException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(ModelException.Kind.INVALID);
            assertThat(refusal.field()).contains(field);
        });
    }

    private static Subtype linux(String... versions) {
        return new OperatingSystems(List.of(new OperatingSystem(OsType.LINUX, List.of(versions))));
    }

    private static Program program(String path, List<String> hashes, String... signers) {
        return new Program(OsType.WINDOWS, path, hashes, List.of(signers));
    }

    static Stream<Subtype> everyKind() {
        return Stream.of(
                linux(">=1.0.0", "2.x"),
                new Domains(List.of("corp.example")),
                new MacAddresses(List.of("00:1B:44-11.3a b7")),
                new Mfa(-1, true, false, true),
                new SingleProcess(program("C:\\a.exe", List.of("AB:cd"), "0102")),
                new ProcessMulti(Semantic.ALL_OF, List.of(program("/bin/a", List.of(), "aa", "bb"))));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void everyKindIsKeptAndComesBackFromTheLogAsItWas(Subtype subtype) throws IOException {
        PostureCheck check = postureCheck("c1", subtype, "a");

        commit(put(check));

        assertThat(model.view().get(PostureChecks.TYPE, check.id())).contains(check);
        assertThat(ModelCodec.decodeEntity(PostureChecks.TYPE, ModelCodec.encodeEntity(check)))
                .isEqualTo(check);
    }

    @Test
    void hexadecimalTextIsKeptInOneForm() {
        assertThat(new MacAddresses(List.of("00:1B:44-11.3a b7", "001b44113ab7")).macAddresses())
                .containsExactly("001b44113ab7");
        assertThat(program("p", List.of("AB:cd")).hashes()).containsExactly("abcd");
    }

    @Test
    void ofSeveralEntriesForOneSystemTheLastCounts() {
        OperatingSystems systems = new OperatingSystems(List.of(
                new OperatingSystem(OsType.LINUX, List.of("1.x")), new OperatingSystem(OsType.LINUX, List.of("2.x"))));

        assertThat(systems.operatingSystems()).containsExactly(new OperatingSystem(OsType.LINUX, List.of("2.x")));
    }

    static Stream<Arguments> unacceptable() {
        return Stream.of(
                Arguments.of("operatingSystems", new OperatingSystems(List.of())),
                Arguments.of("operatingSystems[0].versions", linux("1.x", "newest")),
                Arguments.of("domains", new Domains(List.of())),
                Arguments.of("domains", new Domains(List.of(" "))),
                Arguments.of("macAddresses", new MacAddresses(List.of())),
                Arguments.of("macAddresses", new MacAddresses(List.of("00:1b"))),
                Arguments.of("macAddresses", new MacAddresses(List.of("not an address"))),
                Arguments.of("timeoutSeconds", new Mfa(-2, false, false, false)),
                Arguments.of("process.path", new SingleProcess(program(" ", List.of()))),
                Arguments.of("process.hashes", new SingleProcess(program("p", List.of("xyz")))),
                Arguments.of("process.signerFingerprint", new SingleProcess(program("p", List.of(), "aa", "bb"))),
                Arguments.of("processes", new ProcessMulti(Semantic.ANY_OF, List.of())),
                Arguments.of(
                        "processes[0].signerFingerprints",
                        new ProcessMulti(Semantic.ANY_OF, List.of(program("p", List.of(), "a")))));
    }

    @ParameterizedTest
    @MethodSource("unacceptable")
    void whatNobodyCouldPassOrReadIsRefused(String field, Subtype subtype) {
        refused(field, put(postureCheck("c1", subtype)));
    }

    @Test
    void theTypeNeverChanges() {
        PostureCheck before = postureCheck("c1", linux("1.x"));
        commit(put(before));

        refused(
                "typeId",
                replace(PostureChecks.TYPE, before, postureCheck("c1", new Domains(List.of("corp.example")))));
    }

    @Test
    void aPolicyNamesChecksThatExistAndForgetsThoseThatGo() {
        ServicePolicy policy = Samples.guarded(
                Samples.servicePolicy("p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("#all"), List.of("#all")),
                "@c1",
                "#a");
        refused("postureCheckRoles", put(policy));
        commit(put(postureCheck("c1", linux("1.x"))));
        commit(put(policy));

        commit(delete(PostureChecks.TYPE, "c1"));

        assertThat(model.view().get(ServicePolicies.TYPE, new ServicePolicyId("p1")))
                .hasValueSatisfying(
                        after -> assertThat(after.postureCheckRoles()).containsExactly("#a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3",
                ">=1.0.0",
                ">= 1.0.0 <2.0.0",
                "1.x",
                "1.2.x",
                "1.x.x",
                "!=1.2.3 >1.0.0 || <0.1.0",
                "==1.0.0-rc.1+build.5",
                "!2.0.0||=3.1.4"
            })
    void rangesAreReadAsOpenZitiWritesThem(String range) {
        assertThat(VersionRanges.isRange(range)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "1", "1.2", "01.2.3", "1.2.3 ||", "|| 1.2.3", "~1.2.3", "1.2.3-", ">", "x", "1.x.3"})
    void whatIsNoRangeIsRefused(String range) {
        assertThat(VersionRanges.isRange(range)).isFalse();
    }

    @Test
    void aHostileRangeIsReadInNoTime() {
        assertThat(VersionRanges.isRange("1.2.3-" + "a.".repeat(124))).isFalse();
        assertThat(VersionRanges.isRange("1.2.3 ".repeat(1000))).isFalse();
    }
}
