package io.zitipekko.actors.policy.index;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.view.ModelState;
import io.zitipekko.actors.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IncrementalPolicyIndexTest {
    private static final String[] IDS = {"1", "2", "3", "4"};
    private static final String[] ATTRIBUTES = {"a", "b", "c"};

    private static ModelState with(ModelState state, Change... changes) {
        return state.with(new ChangeSet(state.index(), List.of(changes), Proposal.Author.CONTROLLER));
    }

    private static ModelState with(ModelState state, List<Change> changes) {
        return state.with(new ChangeSet(state.index(), changes, Proposal.Author.CONTROLLER));
    }

    @Property
    void answersAsTheRulesReadAfterAnyHistory(@ForAll("histories") List<Change> history) {
        ModelState state = ModelState.EMPTY;
        for (Change change : history) {
            state = with(state, change);
        }
        assertAgrees(state);
    }

    @Property(tries = 50)
    void answersTheSameWhenBuiltFromASnapshot(@ForAll("histories") List<Change> history) {
        ModelState state = ModelState.EMPTY;
        for (Change change : history) {
            state = with(state, change);
        }
        List<Change> facts = new ArrayList<>();
        for (var type : List.of(
                Identities.TYPE,
                Services.TYPE,
                EdgeRouters.TYPE,
                ServicePolicies.TYPE,
                EdgeRouterPolicies.TYPE,
                ServiceEdgeRouterPolicies.TYPE)) {
            addAll(type, state, facts);
        }
        assertAgrees(ModelState.EMPTY.restored(state.index(), facts));
    }

    private static <E extends Entity> void addAll(EntityType<E> type, ModelState state, List<Change> facts) {
        state.all(type).forEach(entity -> facts.add(put(type, entity)));
    }

    private static void assertAgrees(ModelState state) {
        NaivePolicies naive = new NaivePolicies(state);
        PolicyIndex index = state.policies();
        for (Identity identity : state.all(Identities.TYPE)) {
            for (PolicyType type : PolicyType.values()) {
                Set<ServiceId> services = new HashSet<>();
                for (Service service : state.all(Services.TYPE)) {
                    List<ServicePolicyId> grants = naive.granting(identity, service, type).stream()
                            .map(policy -> policy.id())
                            .toList();
                    assertThat(index.grants(identity.id(), service.id(), type)).isEqualTo(grants);
                    assertThat(index.allows(identity.id(), service.id(), type)).isEqualTo(!grants.isEmpty());
                    assertThat(index.identities(service.id(), type).contains(identity.id()))
                            .isEqualTo(!grants.isEmpty());
                    if (!grants.isEmpty()) {
                        services.add(service.id());
                    }
                }
                assertThat(index.services(identity.id(), type)).isEqualTo(services);
            }
            Set<RouterId> routers = new HashSet<>();
            for (EdgeRouter router : state.all(EdgeRouters.TYPE)) {
                boolean may = naive.mayUse(identity, router);
                assertThat(index.identities(router.id()).contains(identity.id()))
                        .isEqualTo(may);
                if (may) {
                    routers.add(router.id());
                }
                for (Service service : state.all(Services.TYPE)) {
                    assertThat(index.mayUse(identity.id(), service.id(), router.id()))
                            .isEqualTo(may && naive.reachable(service, router));
                }
            }
            assertThat(index.routers(identity.id())).isEqualTo(routers);
        }
        for (Service service : state.all(Services.TYPE)) {
            for (EdgeRouter router : state.all(EdgeRouters.TYPE)) {
                boolean reachable = naive.reachable(service, router);
                assertThat(index.routers(service.id()).contains(router.id())).isEqualTo(reachable);
                assertThat(index.services(router.id()).contains(service.id())).isEqualTo(reachable);
            }
        }
    }

    @Provide
    Arbitrary<List<Change>> histories() {
        Arbitrary<String> ids = Arbitraries.of(IDS);
        Arbitrary<String[]> attributes =
                Arbitraries.of(ATTRIBUTES).set().ofMaxSize(3).map(set -> set.toArray(String[]::new));
        Arbitrary<List<String>> roles = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(List.of("#all"))),
                net.jqwik.api.Tuple.of(
                        6,
                        Arbitraries.of("#a", "#b", "#c", "@1", "@2", "@3", "@4")
                                .list()
                                .uniqueElements()
                                .ofMaxSize(4)));
        Arbitrary<Semantic> semantics = Arbitraries.of(Semantic.values());
        Arbitrary<PolicyType> types = Arbitraries.of(PolicyType.values());
        Arbitrary<Change> changes = Arbitraries.oneOf(
                Combinators.combine(ids, attributes).as((id, with) -> put(identity(id, with))),
                Combinators.combine(ids, attributes).as((id, with) -> put(service(id, with))),
                Combinators.combine(ids, attributes).as((id, with) -> put(router(id, false, with))),
                Combinators.combine(ids, types, semantics, roles, roles)
                        .as((id, type, semantic, left, right) -> put(servicePolicy(id, type, semantic, left, right))),
                Combinators.combine(ids, semantics, roles, roles)
                        .as((id, semantic, left, right) -> put(edgeRouterPolicy(id, semantic, left, right))),
                Combinators.combine(ids, semantics, roles, roles)
                        .as((id, semantic, left, right) -> put(serviceEdgeRouterPolicy(id, semantic, left, right))),
                Combinators.combine(
                                ids,
                                Arbitraries.of(
                                        Identities.TYPE,
                                        Services.TYPE,
                                        EdgeRouters.TYPE,
                                        ServicePolicies.TYPE,
                                        EdgeRouterPolicies.TYPE,
                                        ServiceEdgeRouterPolicies.TYPE))
                        .as((id, type) -> delete(type, id)));
        return changes.list().ofMinSize(5).ofMaxSize(60);
    }

    @Test
    void namesThePoliciesThatGrant() {
        ModelState state = with(
                ModelState.EMPTY,
                put(identity("i1", "sales")),
                put(service("s1", "web")),
                put(servicePolicy("p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("#sales"), List.of("#web"))),
                put(servicePolicy("p2", PolicyType.DIAL, Semantic.ALL_OF, List.of("@i1"), List.of("#all"))),
                put(servicePolicy("p3", PolicyType.BIND, Semantic.ALL_OF, List.of("#all"), List.of("#all"))));

        assertThat(state.policies().grants(new IdentityId("i1"), new ServiceId("s1"), PolicyType.DIAL))
                .containsExactly(new ServicePolicyId("p1"), new ServicePolicyId("p2"));
        assertThat(state.policies().selectedIdentities(new ServicePolicyId("p1")))
                .containsExactly(new IdentityId("i1"));
        assertThat(state.policies().selectedServices(new ServicePolicyId("p3"))).containsExactly(new ServiceId("s1"));
    }

    @Test
    void deniesTheUnknown() {
        PolicyIndex index = ModelState.EMPTY.policies();

        assertThat(index.allows(new IdentityId("x"), new ServiceId("y"), PolicyType.DIAL))
                .isFalse();
        assertThat(index.mayUse(new IdentityId("x"), new ServiceId("y"), new RouterId("z")))
                .isFalse();
        assertThat(index.services(new IdentityId("x"), PolicyType.BIND)).isEmpty();
        assertThat(index.selectedIdentities(new ServicePolicyId("none"))).isEmpty();
    }

    @Test
    void leavesAnOlderIndexAsItWas() {
        ModelState before = with(
                ModelState.EMPTY,
                put(identity("i1", "sales")),
                put(service("s1", "web")),
                put(servicePolicy("p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("#sales"), List.of("#web"))));

        ModelState after = with(before, List.of(put(service("s1", "other")), put(service("s2", "web"))));

        assertThat(before.policies().services(new IdentityId("i1"), PolicyType.DIAL))
                .containsExactly(new ServiceId("s1"));
        assertThat(after.policies().services(new IdentityId("i1"), PolicyType.DIAL))
                .containsExactly(new ServiceId("s2"));
    }
}
