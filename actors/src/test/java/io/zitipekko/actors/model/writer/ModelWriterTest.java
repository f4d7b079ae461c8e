package io.zitipekko.actors.model.writer;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Model.Commit;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.model.view.Leftovers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWriterTest {
    private static final String HOST_V1 = "NH5p4FpGR";
    private static final String INTERCEPT_V1 = "g7cIWbcGg";
    private static final String HOST_DATA = "{\"protocol\":\"tcp\",\"address\":\"localhost\",\"port\":80}";

    private final InMemoryModel model = InMemoryModel.create();

    private Commit commit(Change... changes) {
        return model.propose(proposal(changes)).toCompletableFuture().join();
    }

    private void refused(Kind kind, String field, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(ModelException.class, refusal -> {
                    assertThat(refusal.kind()).as(refusal.getMessage()).isEqualTo(kind);
                    assertThat(refusal.field()).as(refusal.getMessage()).contains(field);
                });
    }

    private ModelView view() {
        return model.view();
    }

    @Test
    void aDisabledIdentityIsNotEnabledBeforeItsSessionsHaveEnded() {
        Identity plain = identity("ann");
        Instant since = Instant.parse("2030-01-02T03:04:05Z");
        Identity disabled = plain.withDisabled(since, since.plusSeconds(60));
        commit(put(plain), put(certificate("cert-ann", "ann")), put(apiSession("old", "ann", "cert-ann")));
        commit(replace(Identities.TYPE, plain, disabled));

        refused(Kind.CONFLICT, "disabledAt", () -> commit(replace(Identities.TYPE, disabled, plain)));

        commit(delete(ApiSessions.TYPE, "old"));
        commit(replace(Identities.TYPE, disabled, plain));
        assertThat(view().get(Identities.TYPE, new IdentityId("ann"))
                        .orElseThrow()
                        .disabledAt())
                .isNull();
    }

    @Nested
    class NewStore {
        @Test
        void holdsTheBuiltInDataAndNothingElse() {
            assertThat(view().get(AuthPolicies.TYPE, AuthPolicies.DEFAULT))
                    .get()
                    .extracting(AuthPolicy::name)
                    .isEqualTo("Default");
            assertThat(view().all(ConfigTypes.TYPE))
                    .extracting(ConfigType::name)
                    .containsExactlyInAnyOrder(
                            "ziti-tunneler-client.v1",
                            "ziti-tunneler-server.v1",
                            "intercept.v1",
                            "host.v1",
                            "host.v2",
                            "interfaces.v1",
                            "proxy.v1",
                            "router.link.v1");
            assertThat(EntityTypes.all().stream().mapToInt(view()::count).sum()).isEqualTo(9);
            assertThat(view().index()).isEqualTo(1);
        }

        @Test
        void hasBuiltInSchemasThatAnOperatorCouldHaveMade() {
            for (ConfigType builtIn : view().all(ConfigTypes.TYPE)) {
                commit(put(
                        ConfigTypes.TYPE,
                        new ConfigType(
                                new ConfigTypeId("copy of " + builtIn.id()),
                                META,
                                "copy of " + builtIn.name(),
                                builtIn.target(),
                                builtIn.schema())));
            }
        }

        @Test
        void refusesToLoseItsBuiltInData() {
            refused(Kind.PROTECTED, "id", () -> commit(delete(AuthPolicies.TYPE, "default")));
            refused(Kind.PROTECTED, "id", () -> commit(delete(ConfigTypes.TYPE, HOST_V1)));
        }

        @Test
        void admitsOtherValuesInTheDefaultAuthPolicy() {
            AuthPolicy before =
                    view().get(AuthPolicies.TYPE, AuthPolicies.DEFAULT).orElseThrow();
            AuthPolicy after = new AuthPolicy(before.id(), before.meta(), before.name(), true, false, true, 8, 3, 10);

            commit(replace(AuthPolicies.TYPE, before, after));

            assertThat(view().get(AuthPolicies.TYPE, AuthPolicies.DEFAULT)).contains(after);
        }
    }

    @Nested
    class Existence {
        @Test
        void refusesToCreateWhatExists() {
            commit(put(service("s1")));

            refused(Kind.NOT_UNIQUE, "id", () -> commit(put(service("s1", "other", List.of()))));
        }

        @Test
        void refusesToChangeOrDeleteWhatDoesNotExist() {
            refused(Kind.NOT_FOUND, "id", () -> commit(delete(Services.TYPE, "s1")));
            refused(Kind.NOT_FOUND, "id", () -> commit(replace(Services.TYPE, service("s1"), service("s1", "a"))));
        }

        @Test
        void refusesAChangeDerivedFromAnOldState() {
            Service first = service("s1");
            commit(put(first));
            commit(replace(Services.TYPE, first, service("s1", "a")));

            refused(Kind.CONFLICT, "id", () -> commit(replace(Services.TYPE, first, service("s1", "b"))));
        }

        @Test
        void doesNothingOfAProposalWhosePartIsRefused() {
            long index = view().index();

            refused(Kind.NOT_FOUND, "id", () -> commit(put(service("s1")), delete(Services.TYPE, "none")));

            assertThat(view().count(Services.TYPE)).isZero();
            assertThat(view().index()).isEqualTo(index);
        }

        @Test
        void letsLaterChangesOfAProposalSeeEarlierOnes() {
            commit(put(identity("i1")), put(enrollment("e1", "i1", "t1")), delete(Enrollments.TYPE, "e1"));

            assertThat(view().count(Enrollments.TYPE)).isZero();
            assertThat(view().count(Identities.TYPE)).isEqualTo(1);
        }

        @Test
        void refusesAnEmptyProposal() {
            assertThatThrownBy(() -> commit()).hasCauseInstanceOf(ModelException.class);
        }
    }

    @Nested
    class Uniqueness {
        @Test
        void refusesATakenName() {
            commit(put(service("s1", "web", List.of())));

            refused(Kind.NOT_UNIQUE, "name", () -> commit(put(service("s2", "web", List.of()))));
        }

        @Test
        void freesANameWithItsHolder() {
            commit(put(service("s1", "web", List.of())));
            commit(delete(Services.TYPE, "s1"));

            commit(put(service("s2", "web", List.of())));

            assertThat(view().find(Services.TYPE, Services.BY_NAME, "web"))
                    .get()
                    .extracting(Service::id)
                    .isEqualTo(new ServiceId("s2"));
        }

        @Test
        void freesANameByRenaming() {
            Service web = service("s1", "web", List.of());
            commit(put(web));
            commit(replace(Services.TYPE, web, service("s1", "renamed", List.of())));

            commit(put(service("s2", "web", List.of())));

            assertThat(view().find(Services.TYPE, Services.BY_NAME, "renamed")).isPresent();
        }

        @Test
        void refusesATakenUsernameAndFingerprint() {
            commit(
                    put(identity("i1")),
                    put(identity("i2")),
                    put(password("a1", "i1", "joe")),
                    put(certificate("a2", "i1")));

            refused(Kind.NOT_UNIQUE, "username", () -> commit(put(password("a3", "i2", "joe"))));
            refused(
                    Kind.NOT_UNIQUE,
                    "fingerprint",
                    () -> commit(put(new Authenticator(
                            new AuthenticatorId("a4"),
                            META,
                            new IdentityId("i2"),
                            certificate("a2", "i2").credential()))));
        }

        @Test
        void refusesASecondAuthenticatorOfAMethodAndASecondEnrollment() {
            commit(put(identity("i1")), put(password("a1", "i1", "joe")), put(enrollment("e1", "i1", "t1")));

            refused(Kind.NOT_UNIQUE, "method", () -> commit(put(password("a2", "i1", "joe2"))));
            refused(Kind.NOT_UNIQUE, "method", () -> commit(put(enrollment("e2", "i1", "t2"))));
        }

        @Test
        @DisplayName("CVE-2023-47390: bearer tokens were written to the log")
        void neverShowsATokenInARefusal() {
            commit(put(identity("i1")), put(identity("i2")), put(enrollment("e1", "i1", "secret-token")));

            assertThatThrownBy(() -> commit(put(enrollment("e2", "i2", "secret-token"))))
                    .cause()
                    .isInstanceOfSatisfying(ModelException.class, refusal -> {
                        assertThat(refusal.getMessage()).doesNotContain("secret-token");
                        assertThat(refusal.value().toString()).doesNotContain("secret-token");
                    });
        }
    }

    @Nested
    class Fields {
        @ParameterizedTest
        @ValueSource(strings = {"", "   "})
        void refusesABlankName(String name) {
            refused(Kind.INVALID, "name", () -> commit(put(service("s1", name, List.of()))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"#web", "@web", ""})
        void refusesAttributesThatLookLikeRoles(String attribute) {
            refused(Kind.INVALID, "roleAttributes", () -> commit(put(service("s1", attribute))));
            refused(Kind.INVALID, "roleAttributes", () -> commit(put(identity("i1", attribute))));
        }

        @Test
        void refusesAnUnknownTerminatorStrategy() {
            Service odd = new Service(new ServiceId("s"), META, "s", true, "fastest", java.util.Set.of(), List.of(), 0);

            refused(Kind.INVALID, "terminatorStrategy", () -> commit(put(odd)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"web", "#", "@", "", "all"})
        void refusesWhatIsNoRole(String role) {
            refused(
                    Kind.INVALID,
                    "identityRoles",
                    () -> commit(
                            put(servicePolicy("p", PolicyType.DIAL, Semantic.ANY_OF, List.of(role), List.of("#all")))));
        }

        @Test
        void wantsAllToStandAlone() {
            refused(
                    Kind.INVALID,
                    "serviceRoles",
                    () -> commit(put(
                            servicePolicy("p", PolicyType.DIAL, Semantic.ANY_OF, List.of(), List.of("#all", "#web")))));
        }

        @Test
        void refusesRolesThatNameNobody() {
            refused(
                    Kind.INVALID,
                    "identityRoles",
                    () -> commit(put(servicePolicy(
                            "p", PolicyType.DIAL, Semantic.ANY_OF, List.of("@nobody"), List.of("#all")))));
        }

        @Test
        void refusesAnIdentityOfTypeRouter() {
            Identity plain = identity("i1");
            Identity router = new Identity(
                    plain.id(),
                    plain.meta(),
                    plain.name(),
                    "Router",
                    false,
                    false,
                    plain.roleAttributes(),
                    null,
                    plain.authPolicyId(),
                    Map.of(),
                    plain.defaultHostingPrecedence(),
                    0,
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    null,
                    null,
                    Map.of(),
                    Map.of(),
                    java.util.Set.of());

            refused(Kind.INVALID, "type", () -> commit(put(router)));
        }

        @Test
        void refusesCostsForServicesThatDoNotExist() {
            refused(
                    Kind.REFERENCE_NOT_FOUND,
                    "serviceHostingCosts",
                    () -> commit(put(hosting(identity("i1"), "nowhere", Map.of()))));
        }
    }

    @Nested
    class ConfigData {
        @Test
        void isCheckedAgainstItsTypesSchema() {
            commit(put(config("c1", HOST_V1, HOST_DATA)));

            refused(
                    Kind.INVALID,
                    "port",
                    () -> commit(put(
                            config("c2", HOST_V1, "{\"protocol\":\"tcp\",\"address\":\"localhost\",\"port\":70000}"))));
            refused(Kind.INVALID, "(root)", () -> commit(put(config("c2", HOST_V1, "{\"protocol\":\"tcp\"}"))));
            refused(
                    Kind.INVALID,
                    "(root)",
                    () -> commit(put(
                            config("c2", HOST_V1, "{\"protocol\":\"tcp\",\"address\":\"a\",\"port\":1,\"more\":1}"))));
        }

        @Test
        void mayForwardInsteadOfNaming() {
            commit(put(config(
                    "c1",
                    HOST_V1,
                    "{\"forwardProtocol\":true,\"allowedProtocols\":[\"tcp\"],\"forwardAddress\":true,"
                            + "\"allowedAddresses\":[\"*.example.com\",\"10.0.0.0/8\"],\"forwardPort\":true,"
                            + "\"allowedPortRanges\":[{\"low\":1,\"high\":1024}],"
                            + "\"listenOptions\":{\"connectTimeout\":\"5s\",\"precedence\":\"required\"},"
                            + "\"portChecks\":[{\"interval\":\"5s\",\"timeout\":\"1s\",\"address\":\"a:1\","
                            + "\"actions\":[{\"trigger\":\"fail\",\"action\":\"mark unhealthy\"}]}]}")));
            refused(
                    Kind.INVALID,
                    "(root)",
                    () -> commit(
                            put(config("c2", HOST_V1, "{\"forwardProtocol\":true,\"address\":\"a\",\"port\":1}"))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"my.host", "*.wild.example", "10.1.2.3", "10.0.0.0/8", "fd00::1", "fd00::/8"})
        void takesEveryFormOfInterceptedAddress(String address) {
            commit(put(config(
                    "c1",
                    INTERCEPT_V1,
                    "{\"protocols\":[\"tcp\",\"udp\"],\"addresses\":[\"" + address
                            + "\"],\"portRanges\":[{\"low\":80,\"high\":443}]}")));

            assertThat(view().count(Configs.TYPE)).isEqualTo(1);
        }

        @Test
        void refusesAnUnknownTypeAsItsField() {
            refused(Kind.INVALID, "type", () -> commit(put(config("c1", "nothing", "{}"))));
        }

        @Test
        void refusesASchemaThatIsNotForObjectsOrReachesOutside() {
            refused(Kind.INVALID, "schema", () -> commit(put(ConfigTypes.TYPE, configType("{\"type\":\"array\"}"))));
            refused(
                    Kind.INVALID,
                    "schema",
                    () -> commit(put(
                            ConfigTypes.TYPE,
                            configType("{\"type\":\"object\",\"allOf\":[{\"$ref\":\"http://localhost:1/x.json\"}]}"))));
        }

        private ConfigType configType(String schema) {
            return new ConfigType(new ConfigTypeId("mine"), META, "mine", "service", json(schema));
        }

        @Test
        void isAttachedOncePerTypeAndToItsTarget() {
            commit(
                    put(config("c1", HOST_V1, HOST_DATA)),
                    put(config("c2", HOST_V1, HOST_DATA)),
                    put(config("l1", "router.link.v1", "{}")));

            refused(
                    Kind.INVALID,
                    "configs",
                    () -> commit(put(service("s1", "s1", List.of(new ConfigId("c1"), new ConfigId("c2"))))));
            refused(Kind.INVALID, "configs", () -> commit(put(service("s1", "s1", List.of(new ConfigId("l1"))))));
            refused(
                    Kind.REFERENCE_NOT_FOUND,
                    "configs",
                    () -> commit(put(service("s1", "s1", List.of(new ConfigId("none"))))));
        }
    }

    @Nested
    class Deleting {
        @Test
        void anIdentityTakesEverythingOfItsAndCleansPolicies() {
            commit(put(identity("i1")), put(identity("i2")), put(service("s1")));
            commit(
                    put(certificate("a1", "i1")),
                    put(enrollment("e1", "i1", "t1")),
                    put(apiSession("as1", "i1", "a1")),
                    put(ApiSessionCertificates.TYPE, apiSessionCertificate("asc1", "as1")),
                    put(session("se1", "as1", "i1", "s1")),
                    put(servicePolicy("p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("@i1", "@i2"), List.of("@s1"))));

            Commit commit = commit(delete(Identities.TYPE, "i1"));

            for (EntityType<?> type : List.<EntityType<?>>of(
                    Authenticators.TYPE,
                    Enrollments.TYPE,
                    ApiSessions.TYPE,
                    ApiSessionCertificates.TYPE,
                    Sessions.TYPE)) {
                assertThat(view().count(type)).as(type.name()).isZero();
            }
            assertThat(view().get(ServicePolicies.TYPE, new ServicePolicyId("p1"))
                            .orElseThrow()
                            .identityRoles())
                    .containsExactly("@i2");
            assertThat(commit.changeSet().changes())
                    .as("outcomes are in the change set")
                    .hasSize(7);
            assertThat(commit.before().count(ApiSessions.TYPE)).isEqualTo(1);
        }

        @Test
        void theDefaultAdministratorIsRefused() {
            commit(put(administrator("admin")));

            refused(Kind.PROTECTED, "id", () -> commit(delete(Identities.TYPE, "admin")));
        }

        @Test
        void aServiceTakesTerminatorsSessionsAndMentions() {
            commit(
                    put(service("s1")),
                    put(router("r1", false)),
                    put(hosting(identity("i1"), "s1", Map.of())),
                    put(certificate("a1", "i1")));
            commit(
                    put(terminator("t1", "s1", "r1")),
                    put(apiSession("as1", "i1", "a1")),
                    put(session("se1", "as1", "i1", "s1")));

            commit(delete(Services.TYPE, "s1"));

            assertThat(view().count(Terminators.TYPE)).isZero();
            assertThat(view().count(Sessions.TYPE)).isZero();
            assertThat(view().count(ApiSessions.TYPE)).isEqualTo(1);
            Identity identity =
                    view().get(Identities.TYPE, new IdentityId("i1")).orElseThrow();
            assertThat(identity.serviceHostingCosts()).isEmpty();
            assertThat(identity.serviceHostingPrecedences()).isEmpty();
        }

        @Test
        void aRouterTakesTerminatorsEnrollmentsAndMentions() {
            commit(
                    put(service("s1")),
                    put(router("r1", false)),
                    put(terminator("t1", "s1", "r1")),
                    put(routerEnrollment("e1", "r1", "t")));
            commit(put(edgeRouterPolicy("p1", Semantic.ANY_OF, List.of("#all"), List.of("@r1"))));

            commit(delete(EdgeRouters.TYPE, "r1"));

            assertThat(view().count(Terminators.TYPE)).isZero();
            assertThat(view().count(Enrollments.TYPE)).isZero();
            assertThat(view().get(EdgeRouterPolicies.TYPE, new EdgeRouterPolicyId("p1"))
                            .orElseThrow()
                            .edgeRouterRoles())
                    .isEmpty();
        }

        @Test
        void aConfigLeavesItsServicesButNotAnOverride() {
            commit(put(config("c1", HOST_V1, HOST_DATA)), put(config("c2", HOST_V1, HOST_DATA)));
            commit(put(service("s1", "s1", List.of(new ConfigId("c1")))));
            commit(put(hosting(identity("i1"), "s1", Map.of(HOST_V1, "c2"))));

            commit(delete(Configs.TYPE, "c1"));

            assertThat(view().get(Services.TYPE, new ServiceId("s1"))
                            .orElseThrow()
                            .configs())
                    .isEmpty();
            refused(Kind.REFERENCED, "serviceConfigs", () -> commit(delete(Configs.TYPE, "c2")));
        }

        @Test
        void aConfigTypeInUseIsRefused() {
            commit(put(ConfigTypes.TYPE, new ConfigType(new ConfigTypeId("mine"), META, "mine", "service", null)));
            commit(put(config("c1", "mine", "{\"anything\":[1,2]}")));

            refused(Kind.REFERENCED, "type", () -> commit(delete(ConfigTypes.TYPE, "mine")));
        }

        @Test
        void anAuthenticatorEndsTheSessionsItOpened() {
            commit(put(identity("i1")), put(certificate("a1", "i1")), put(apiSession("as1", "i1", "a1")));

            commit(delete(Authenticators.TYPE, "a1"));

            assertThat(view().count(ApiSessions.TYPE)).isZero();
        }

        @Test
        void anIdentityWithVeryManySessionsGoesAtOnceAndTakesABoundedNumberWithIt() {
            int sessions = ModelWriter.GRADUAL_CASCADES + 100;
            commit(put(identity("i1", "i1-name", new String[0])), put(certificate("a1", "i1")), put(service("s1")));
            for (int i = 0; i < sessions; i++) {
                commit(put(apiSession("as" + i, "i1", "a1")), put(session("se" + i, "as" + i, "i1", "s1")));
            }

            Commit commit = commit(delete(Identities.TYPE, "i1"));

            assertThat(commit.changeSet().changes()).hasSize(ModelWriter.GRADUAL_CASCADES + 2);
            assertThat(view().count(Authenticators.TYPE))
                    .as("what opens sessions goes with it")
                    .isZero();
            assertThat(view().all(ApiSessions.TYPE)).isNotEmpty().allSatisfy(left -> assertThat(
                            Leftovers.stands(view(), ApiSessions.TYPE, left))
                    .isFalse());
            assertThat(view().all(Sessions.TYPE)).isNotEmpty().allSatisfy(left -> assertThat(
                            Leftovers.stands(view(), Sessions.TYPE, left))
                    .isFalse());
            assertThat(Leftovers.ended(commit))
                    .as("ended with the commit, whether it is in it or not")
                    .filteredOn(entity -> entity instanceof ApiSession || entity instanceof Session)
                    .hasSize(2 * sessions);
        }

        @Test
        void anIdIsTakenUntilNothingIsLeftOfItAndTheNameIsFreeAtOnce() {
            commit(put(identity("i1", "ann", new String[0])), put(certificate("a1", "i1")));
            for (int i = 0; i < ModelWriter.GRADUAL_CASCADES + 1; i++) {
                commit(put(apiSession("as" + i, "i1", "a1")));
            }
            commit(delete(Identities.TYPE, "i1"));

            refused(Kind.NOT_UNIQUE, "id", () -> commit(put(identity("i1", "bob", new String[0]))));
            commit(put(identity("i2", "ann", new String[0])));

            commit(delete(
                    ApiSessions.TYPE,
                    view().all(ApiSessions.TYPE).iterator().next().id().value()));
            commit(put(identity("i1", "bob", new String[0])));
        }

        @Test
        void whatIsLeftOverTakesNothingNew() {
            commit(put(identity("i1")), put(identity("i2")), put(certificate("a1", "i1")), put(service("s1")));
            for (int i = 0; i < ModelWriter.GRADUAL_CASCADES + 1; i++) {
                commit(put(apiSession("as" + i, "i1", "a1")));
            }
            commit(delete(Authenticators.TYPE, "a1"));
            String left = view().all(ApiSessions.TYPE).iterator().next().id().value();

            refused(Kind.REFERENCE_NOT_FOUND, "apiSessionId", () -> commit(put(session("se1", left, "i1", "s1"))));
        }
    }

    @Nested
    class TunnelerOfARouter {
        private static final IdentityId TWIN = new IdentityId("r1");

        @Test
        void hasAnIdentityAndASystemPolicy() {
            commit(put(router("r1", "east", true)));

            Identity twin = view().get(Identities.TYPE, TWIN).orElseThrow();
            assertThat(twin.name()).isEqualTo("east");
            assertThat(twin.type()).isEqualTo("Router");
            assertThat(view().get(EdgeRouterPolicies.TYPE, new EdgeRouterPolicyId("r1"))
                            .orElseThrow()
                            .name())
                    .isEqualTo("edge-router-r1-system");
            assertThat(view().policies().routers(TWIN)).containsExactly(new RouterId("r1"));
        }

        @Test
        void isRenamedWithTheRouter() {
            commit(put(router("r1", "east", true)));

            commit(replace(EdgeRouters.TYPE, router("r1", "east", true), router("r1", "west", true)));

            assertThat(view().get(Identities.TYPE, TWIN).orElseThrow().name()).isEqualTo("west");
        }

        @Test
        void goesWhenDisabledOrDeleted() {
            commit(put(router("r1", true)), put(router("r2", true)));

            commit(replace(EdgeRouters.TYPE, router("r1", true), router("r1", false)));
            commit(delete(EdgeRouters.TYPE, "r2"));

            assertThat(view().count(Identities.TYPE)).isZero();
            assertThat(view().count(EdgeRouterPolicies.TYPE)).isZero();
        }

        @Test
        void isNotTouchedFromOutside() {
            commit(put(router("r1", true)));
            Identity twin = view().get(Identities.TYPE, TWIN).orElseThrow();

            refused(Kind.PROTECTED, "id", () -> commit(delete(Identities.TYPE, "r1")));
            refused(Kind.PROTECTED, "id", () -> commit(delete(EdgeRouterPolicies.TYPE, "r1")));
            Identity renamed = new Identity(
                    twin.id(),
                    twin.meta(),
                    "other",
                    twin.type(),
                    false,
                    false,
                    twin.roleAttributes(),
                    null,
                    twin.authPolicyId(),
                    Map.of(),
                    twin.defaultHostingPrecedence(),
                    0,
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    null,
                    null,
                    Map.of(),
                    Map.of(),
                    java.util.Set.of());
            refused(Kind.INVALID, "name", () -> commit(replace(Identities.TYPE, twin, renamed)));
        }

        @Test
        void isRefusedWhenItsNameIsTaken() {
            commit(put(identity("i1", "east", new String[0])));

            refused(Kind.NOT_UNIQUE, "name", () -> commit(put(router("r1", "east", true))));
            assertThat(view().count(EdgeRouters.TYPE)).isZero();
        }
    }

    @Test
    void everyKindHasItsOwnStorageName() {
        assertThat(EntityTypes.all()).extracting(EntityType::name).doesNotHaveDuplicates();
        for (EntityType<? extends Entity> type : EntityTypes.all()) {
            assertThat(EntityTypes.named(type.name())).contains(type);
        }
    }
}
