package io.zitipekko.actors.model.type;

import static io.zitipekko.actors.model.Samples.apiSessionClaimed;
import static io.zitipekko.actors.model.Samples.apiSessionUnder;
import static io.zitipekko.actors.model.Samples.ca;
import static io.zitipekko.actors.model.Samples.delete;
import static io.zitipekko.actors.model.Samples.proposal;
import static io.zitipekko.actors.model.Samples.put;
import static io.zitipekko.actors.model.Samples.replace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zitipekko.actors.log.entry.ModelCodec;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ClaimedId;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.actors.policy.ApiSessionRights;
import io.zitipekko.actors.policy.LostRights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CasTest {
    private static final int INVITATIONS = 1_000;

    private final InMemoryModel model = InMemoryModel.create();
    private final Ca admitting = ca("admitting", true);

    @BeforeEach
    void arrange() {
        commit(
                put(Samples.identity("ann")),
                put(Authenticators.TYPE, Samples.certificate("cert-ann", "ann")),
                put(Cas.TYPE, admitting),
                put(Cas.TYPE, ca("another", true)));
    }

    private Model.Commit commit(Change... changes) {
        return model.propose(proposal(changes)).toCompletableFuture().join();
    }

    private void refused(ModelException.Kind kind, String field, Change... changes) {
        Throwable thrown = catchThrowable(() -> commit(changes));
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOfSatisfying(ModelException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(kind);
            assertThat(refusal.field()).contains(field);
        });
    }

    /** An authority like {@code admitting}, but for the parts that are given. */
    private Ca with(String name, String certificate, boolean verified, boolean logIn, ExternalIdClaim claim) {
        return new Ca(
                admitting.id(),
                admitting.meta(),
                name,
                Samples.fingerprint(certificate),
                "pem",
                verified,
                admitting.verificationToken(),
                logIn,
                false,
                false,
                Set.of("made"),
                Ca.DEFAULT_NAME_FORMAT,
                claim);
    }

    private void refusedChange(String field, UnaryOperator<Ca> change) {
        refused(ModelException.Kind.INVALID, field, replace(Cas.TYPE, admitting, change.apply(admitting)));
    }

    @Test
    void comesBackFromTheLogAsItWas() throws IOException {
        Ca full = with(
                "full",
                "full",
                true,
                true,
                new ExternalIdClaim(
                        ExternalIdClaim.Location.SAN_URI,
                        ExternalIdClaim.Matcher.SCHEME,
                        "spiffe",
                        ExternalIdClaim.Parser.SPLIT,
                        "/",
                        2));

        assertThat(ModelCodec.decodeEntity(Cas.TYPE, ModelCodec.encodeEntity(full)))
                .isEqualTo(full);
    }

    @Test
    void namesAndCertificatesAreUnique() {
        refused(ModelException.Kind.NOT_UNIQUE, "name", put(Cas.TYPE, named("third", "another", "third")));
        refused(ModelException.Kind.NOT_UNIQUE, "certPem", put(Cas.TYPE, named("third", "third", "authority another")));
    }

    private static Ca named(String id, String name, String certificate) {
        Ca any = ca(id, true);
        return new Ca(
                any.id(),
                any.meta(),
                name,
                Samples.fingerprint(certificate),
                any.certPem(),
                true,
                any.verificationToken(),
                true,
                false,
                false,
                Set.of(),
                any.identityNameFormat(),
                null);
    }

    @Test
    void neitherTheCertificateNorWhatWasShownOfItChanges() {
        refusedChange("certPem", before -> with("x", "another certificate", true, true, null));
        refusedChange("isVerified", before -> with("x", "authority admitting", false, true, null));
        refusedChange(
                "externalIdClaim.index",
                before -> with(
                        "x",
                        "authority admitting",
                        true,
                        true,
                        new ExternalIdClaim(
                                ExternalIdClaim.Location.COMMON_NAME,
                                ExternalIdClaim.Matcher.ALL,
                                "",
                                ExternalIdClaim.Parser.NONE,
                                "",
                                -1)));
    }

    @Test
    void onlyOneThatAdmitsLogInsCarriesASession() {
        commit(put(Cas.TYPE, ca("forbidding", false)));

        refused(
                ModelException.Kind.REFERENCE_NOT_FOUND,
                "caId",
                put(ApiSessions.TYPE, apiSessionUnder("forbidding", "s1", "ann", "cert-ann")));
        refused(
                ModelException.Kind.REFERENCE_NOT_FOUND,
                "caId",
                put(ApiSessions.TYPE, apiSessionUnder("nobody", "s1", "ann", "cert-ann")));
        commit(put(ApiSessions.TYPE, apiSessionUnder("admitting", "s1", "ann", "cert-ann")));
    }

    @Test
    void withdrawingItConcernsItsSessionsAndNobodyElses() {
        ApiSession under = apiSessionUnder("admitting", "s1", "ann", "cert-ann");
        ApiSession elsewhere = apiSessionUnder("another", "s2", "ann", "cert-ann");
        ApiSession own = Samples.apiSession("s3", "ann", "cert-ann");
        commit(put(ApiSessions.TYPE, under), put(ApiSessions.TYPE, elsewhere), put(ApiSessions.TYPE, own));

        Model.Commit renamed =
                commit(replace(Cas.TYPE, admitting, with("renamed", "authority admitting", true, true, null)));
        Model.Commit forbidden = commit(replace(
                Cas.TYPE,
                with("renamed", "authority admitting", true, true, null),
                with("renamed", "authority admitting", true, false, null)));

        assertThat(LostRights.of(renamed).isEmpty()).isTrue();
        assertThat(LostRights.of(forbidden)).isEqualTo(new LostRights(false, Set.of(under.id())));
        assertThat(ApiSessionRights.stands(forbidden.before(), under.id())).isTrue();
        assertThat(ApiSessionRights.stands(forbidden.after(), under.id())).isFalse();
        assertThat(ApiSessionRights.stands(forbidden.after(), elsewhere.id())).isTrue();
        assertThat(ApiSessionRights.stands(forbidden.after(), own.id())).isTrue();
    }

    @Test
    void deletingItIsOneChangeHoweverMuchItCarriesAndLeavesTheAuthenticator() {
        ApiSession under = apiSessionUnder("admitting", "s1", "ann", "cert-ann");
        commit(put(ApiSessions.TYPE, under));

        Model.Commit deleted = commit(delete(Cas.TYPE, "admitting"));

        assertThat(deleted.changeSet().changes()).hasSize(1);
        assertThat(LostRights.of(deleted)).isEqualTo(new LostRights(false, Set.of(under.id())));
        assertThat(ApiSessionRights.stands(deleted.after(), under.id())).isFalse();
        assertThat(deleted.after().count(Authenticators.TYPE)).isEqualTo(1);
    }

    @Test
    void anotherAuthorityWithTheSameCertificateDoesNotReviveItsSessions() {
        ApiSession under = apiSessionUnder("admitting", "s1", "ann", "cert-ann");
        commit(put(ApiSessions.TYPE, under));

        commit(delete(Cas.TYPE, "admitting"));
        Model.Commit again = commit(put(Cas.TYPE, named("again", "again", "authority admitting")));

        assertThat(ApiSessionRights.stands(again.after(), under.id())).isFalse();
    }

    private static final ExternalIdClaim CLAIM = new ExternalIdClaim(
            ExternalIdClaim.Location.COMMON_NAME, ExternalIdClaim.Matcher.ALL, "", ExternalIdClaim.Parser.NONE, "", 0);

    private Ca claiming(ExternalIdClaim claim) {
        return with("admitting", "authority admitting", true, true, claim);
    }

    /** Bert, and a session that his external id opened. */
    private ApiSession claimed() {
        commit(
                replace(Cas.TYPE, admitting, claiming(CLAIM)),
                put(Samples.withExternalId(Samples.identity("bert"), "b-1")));
        ApiSession session = apiSessionClaimed("admitting", "s1", "bert", new ClaimedId(CLAIM, "b-1"));
        commit(put(ApiSessions.TYPE, session));
        return session;
    }

    @Test
    void noTwoIdentitiesHaveTheSameExternalId() {
        claimed();

        refused(
                ModelException.Kind.NOT_UNIQUE,
                "externalId",
                put(Samples.withExternalId(Samples.identity("carl"), "b-1")));
    }

    @Test
    void aSessionThatAnExternalIdOpenedComesBackFromTheLogAsItWas() throws IOException {
        ApiSession session = apiSessionClaimed("admitting", "s1", "bert", new ClaimedId(CLAIM, "b-1"));

        assertThat(ModelCodec.decodeEntity(ApiSessions.TYPE, ModelCodec.encodeEntity(session)))
                .isEqualTo(session);
    }

    @Test
    void onlyTheExternalIdThatTheIdentityHasAndTheClaimThatTheAuthorityMakesCarryASession() {
        claimed();

        for (ApiSession late : List.of(
                apiSessionClaimed("admitting", "s2", "bert", new ClaimedId(CLAIM, "b-0")),
                apiSessionClaimed("another", "s2", "bert", new ClaimedId(CLAIM, "b-1")),
                apiSessionClaimed("admitting", "s2", "ann", new ClaimedId(CLAIM, "b-1")))) {
            refused(ModelException.Kind.REFERENCE_NOT_FOUND, "caId", put(ApiSessions.TYPE, late));
        }
    }

    @Test
    void takingTheExternalIdAwayConcernsWhatItOpenedAndGivesItBackOnlyAfterThatHasEnded() {
        ApiSession session = claimed();
        Identity bert = Samples.withExternalId(Samples.identity("bert"), "b-1");
        Identity nameless = Samples.withExternalId(bert, null);

        Model.Commit taken = commit(replace(Identities.TYPE, bert, nameless));

        assertThat(LostRights.of(taken)).isEqualTo(new LostRights(false, Set.of(session.id())));
        assertThat(ApiSessionRights.stands(taken.before(), session.id())).isTrue();
        assertThat(ApiSessionRights.stands(taken.after(), session.id())).isFalse();
        refused(ModelException.Kind.CONFLICT, "externalId", replace(Identities.TYPE, nameless, bert));
        commit(delete(ApiSessions.TYPE, "s1"));
        commit(replace(Identities.TYPE, nameless, bert));
    }

    @Test
    void claimingOtherwiseConcernsWhatTheClaimOpenedAndGoesBackOnlyAfterThatHasEnded() {
        ApiSession session = claimed();

        Model.Commit silent = commit(replace(Cas.TYPE, claiming(CLAIM), claiming(null)));

        assertThat(LostRights.of(silent)).isEqualTo(new LostRights(false, Set.of(session.id())));
        assertThat(ApiSessionRights.stands(silent.after(), session.id())).isFalse();
        refused(ModelException.Kind.CONFLICT, "externalIdClaim", replace(Cas.TYPE, claiming(null), claiming(CLAIM)));
        commit(delete(ApiSessions.TYPE, "s1"));
        commit(replace(Cas.TYPE, claiming(null), claiming(CLAIM)));
    }

    @Test
    void deletingItEndsAllItsInvitationsAtOnceAndRemovesTheLastOfThemLater() {
        List<Change> invitations = new ArrayList<>();
        for (int i = 0; i < INVITATIONS; i++) {
            invitations.add(put(Samples.identity("guest-" + i)));
            invitations.add(put(Samples.invitation("invitation-" + i, "guest-" + i, "admitting")));
        }
        commit(invitations.toArray(Change[]::new));

        Model.Commit deleted = commit(delete(Cas.TYPE, "admitting"));

        assertThat(deleted.changeSet().changes()).hasSizeLessThan(INVITATIONS / 2);
        List<Enrollment> left = List.copyOf(deleted.after().all(Enrollments.TYPE));
        assertThat(left)
                .isNotEmpty()
                .noneMatch(invitation -> Leftovers.stands(deleted.after(), Enrollments.TYPE, invitation));
        assertThat(left.get(0).identityId()).isNotNull();
        commit(put(Samples.invitation("instead", left.get(0).identityId().value(), "another")));
    }

    @Test
    void itAdmitsNobodyAgainBeforeWhatItCarriedHasEnded() {
        ApiSession under = apiSessionUnder("admitting", "s1", "ann", "cert-ann");
        commit(put(ApiSessions.TYPE, under));
        Ca withdrawn = with("admitting", "authority admitting", true, false, null);
        commit(replace(Cas.TYPE, admitting, withdrawn));

        refused(ModelException.Kind.CONFLICT, "isAuthEnabled", replace(Cas.TYPE, withdrawn, admitting));

        commit(delete(ApiSessions.TYPE, "s1"));
        commit(replace(Cas.TYPE, withdrawn, admitting));
    }
}
