package io.zitipekko.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noConstructors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PeerIdentity;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;

/** The arrows of docs/architecture.md and the house rules that a compiler cannot hold. */
@AnalyzeClasses(packages = "io.zitipekko", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String TRANSPORT = "io.zitipekko.transport..";
    private static final String ACTORS = "io.zitipekko.actors..";
    private static final String API = "io.zitipekko.api..";
    private static final String SDK = "io.zitipekko.sdk..";
    private static final String[] NODE = {
        "io.zitipekko.node..", "io.zitipekko.config..", "io.zitipekko.command..", "io.zitipekko.quickstart.."
    };

    @ArchTest
    static final ArchRule transportKnowsNobody = noClasses()
            .that()
            .resideInAPackage(TRANSPORT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ACTORS,
                    API,
                    SDK,
                    NODE[0],
                    NODE[1],
                    NODE[2],
                    NODE[3],
                    "org.apache.pekko.http..",
                    "org.apache.pekko.actor.typed..");

    @ArchTest
    static final ArchRule actorsKnowTransportOnly = noClasses()
            .that()
            .resideInAPackage(ACTORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, SDK, NODE[0], NODE[1], NODE[2], NODE[3], "org.apache.pekko.http..");

    @ArchTest
    static final ArchRule apiKnowsActorsAndTransport = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SDK, NODE[0], NODE[1], NODE[2], NODE[3]);

    @ArchTest
    static final ArchRule sdkKnowsTransportOnly = noClasses()
            .that()
            .resideInAPackage(SDK)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ACTORS, API, NODE[0], NODE[1], NODE[2], NODE[3]);

    @ArchTest
    static final ArchRule modelAndPolicyKnowNoPekko = noClasses()
            .that()
            .resideInAnyPackage("io.zitipekko.actors.model..", "io.zitipekko.actors.policy..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..");

    @ArchTest
    static final ArchRule anActorTouchesNoTlsEngineNoDatabaseAndNoFile = noClasses()
            .that()
            .areAssignableTo(AbstractBehavior.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SSLEngine.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.FileInputStream")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.FileOutputStream");

    @ArchTest
    static final ArchRule actorsAreTyped = noClasses()
            .should()
            .beAssignableTo(org.apache.pekko.actor.AbstractActor.class)
            .because("actors are Pekko typed (house rule)");

    @ArchTest
    static final ArchRule aPeerIdentityIsBuiltByTheLeafVerifierOnly =
            noConstructors().that().areDeclaredIn(PeerIdentity.class).should().bePublic();

    @ArchTest
    static final ArchRule nobodyButTheLeafVerifierBuildsAPeerIdentity = classes()
            .that()
            .doNotHaveFullyQualifiedName(LeafVerifier.class.getName())
            .should(notBuild(PeerIdentity.class));

    /**
     * TS-2025-003: secrets were compared in a time that depended on how much of them was right. Bytes that need not be secret are compared
     * in the few classes named here; everything else takes {@link java.security.MessageDigest#isEqual}.
     */
    @ArchTest
    static final ArchRule bytesAreComparedInConstantTime = noClasses()
            .that()
            .doNotHaveSimpleName("SnapshotFile")
            .and()
            .doNotHaveSimpleName("Terminator")
            .and()
            .doNotHaveSimpleName("CertificateNames")
            .and()
            .doNotHaveSimpleName("CertificatePath")
            .should()
            .callMethod(Arrays.class, "equals", byte[].class, byte[].class);

    @ArchTest
    static final ArchRule packagesSayWhatIsInside = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..",
                    "..utils..",
                    "..common..",
                    "..helper..",
                    "..helpers..",
                    "..manager..",
                    "..impl..",
                    "..misc..");

    private static ArchCondition<JavaClass> notBuild(Class<?> type) {
        return new ArchCondition<>("not build a " + type.getSimpleName()) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaConstructorCall call : item.getConstructorCallsFromSelf()) {
                    if (call.getTargetOwner().isEquivalentTo(type)) {
                        events.add(SimpleConditionEvent.violated(item, call.getDescription()));
                    }
                }
            }
        };
    }
}
