package io.zitipekko.actors.policy.index;

import static io.zitipekko.actors.model.Samples.delete;
import static io.zitipekko.actors.model.Samples.guarded;
import static io.zitipekko.actors.model.Samples.identity;
import static io.zitipekko.actors.model.Samples.postureCheck;
import static io.zitipekko.actors.model.Samples.put;
import static io.zitipekko.actors.model.Samples.service;
import static io.zitipekko.actors.model.Samples.servicePolicy;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.Domains;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.view.ModelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PostureSelectionsTest {
    private static final IdentityId ANN = new IdentityId("ann");
    private static final ServiceId WEB = new ServiceId("web");

    private static ModelState with(ModelState state, Change... changes) {
        return state.with(new ChangeSet(state.index(), List.of(changes), Proposal.Author.CONTROLLER));
    }

    private static ModelState network() {
        return with(ModelState.EMPTY, put(identity("ann")), put(service("web")));
    }

    private static PostureCheck check(String id, String... attributes) {
        return postureCheck(id, new Domains(List.of("corp.example")), attributes);
    }

    private static ServicePolicy policy(String id, Semantic semantic, List<String> checks) {
        return guarded(
                servicePolicy(id, PolicyType.DIAL, semantic, List.of("#all"), List.of("#all")),
                checks.toArray(String[]::new));
    }

    @Property(tries = 300)
    void selectsAsTheRulesReadAfterAnyHistory(@ForAll("histories") List<Change> history) {
        ModelState state = network();
        for (Change change : history) {
            state = with(state, change);
        }
        assertAgrees(state);
        List<Change> facts = new ArrayList<>(List.of(put(identity("ann")), put(service("web"))));
        state.all(ServicePolicies.TYPE).forEach(policy -> facts.add(put(policy)));
        state.all(PostureChecks.TYPE).forEach(check -> facts.add(put(check)));
        assertAgrees(ModelState.EMPTY.restored(state.index(), facts));
    }

    private static void assertAgrees(ModelState state) {
        boolean unchecked = false;
        for (ServicePolicy policy : state.all(ServicePolicies.TYPE)) {
            Set<PostureCheckId> expected = state.all(PostureChecks.TYPE).stream()
                    .filter(check -> selects(policy, check))
                    .map(PostureCheck::id)
                    .collect(Collectors.toSet());
            assertThat(state.policies().selectedPostureChecks(policy.id())).isEqualTo(expected);
            unchecked |= expected.isEmpty();
        }
        assertThat(state.policies().allowsUnchecked(ANN, WEB, PolicyType.DIAL)).isEqualTo(unchecked);
        assertThat(state.policies().allowsUnchecked(ANN, WEB, PolicyType.BIND)).isFalse();
    }

    /** protocol/06 section 5.1, word for word. */
    private static boolean selects(ServicePolicy policy, PostureCheck check) {
        List<String> roles = policy.postureCheckRoles();
        if (roles.contains("#all") || roles.contains("@" + check.id())) {
            return true;
        }
        List<String> wanted = roles.stream()
                .filter(role -> role.startsWith("#"))
                .map(role -> role.substring(1))
                .toList();
        return !wanted.isEmpty()
                && (policy.semantic() == Semantic.ALL_OF
                        ? check.roleAttributes().containsAll(wanted)
                        : wanted.stream().anyMatch(check.roleAttributes()::contains));
    }

    @Provide
    Arbitrary<List<Change>> histories() {
        Arbitrary<String> ids = Arbitraries.of("1", "2", "3");
        Arbitrary<String[]> attributes =
                Arbitraries.of("a", "b", "c").set().ofMaxSize(3).map(set -> set.toArray(String[]::new));
        Arbitrary<List<String>> roles = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(List.of("#all"))),
                net.jqwik.api.Tuple.of(
                        6,
                        Arbitraries.of("#a", "#b", "#c", "@1", "@2", "@3")
                                .list()
                                .uniqueElements()
                                .ofMaxSize(3)));
        Arbitrary<Change> changes = Arbitraries.oneOf(
                Combinators.combine(ids, attributes).as((id, with) -> put(check(id, with))),
                Combinators.combine(ids, Arbitraries.of(Semantic.values()), roles)
                        .as((id, semantic, checks) -> put(policy(id, semantic, checks))),
                Combinators.combine(ids, Arbitraries.of(PostureChecks.TYPE, ServicePolicies.TYPE))
                        .as((id, type) -> delete(type, id)));
        return changes.list().ofMinSize(3).ofMaxSize(40);
    }

    @Test
    void aPolicyWithChecksGrantsNothingUncheckedButStillJoins() {
        ModelState state = with(network(), put(check("c1", "a")), put(policy("p1", Semantic.ANY_OF, List.of("#a"))));

        assertThat(state.policies().allows(ANN, WEB, PolicyType.DIAL)).isTrue();
        assertThat(state.policies().allowsUnchecked(ANN, WEB, PolicyType.DIAL)).isFalse();
        state = with(state, put(policy("p2", Semantic.ANY_OF, List.of())));
        assertThat(state.policies().allowsUnchecked(ANN, WEB, PolicyType.DIAL)).isTrue();
    }
}
