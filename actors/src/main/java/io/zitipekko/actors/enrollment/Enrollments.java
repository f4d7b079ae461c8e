package io.zitipekko.actors.enrollment;

import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.identity.PresentedCertificates;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Rights to enrol, and their use. {@code prepare…} only makes the record, to stand in the same proposal as the identity or router that it
 * is for. {@code enroll…} uses one up: each is a single proposal that also deletes the enrolment, so that a token is good once. The stages
 * fail with {@link EnrollmentException}; the source of each call is for the audit. Thread-safe.
 */
public interface Enrollments {
    String METHOD_OTT = "ott";
    String METHOD_OTTCA = "ottca";
    String METHOD_UPDB = "updb";
    String METHOD_EROTT = "erott";

    /** @param expiresAt null: after the configured time */
    Enrollment prepareOtt(IdentityId identity, @Nullable Instant expiresAt);

    /** @param ca whose certificate has to be shown */
    Enrollment prepareOttCa(IdentityId identity, CaId ca, @Nullable Instant expiresAt);

    /** @param username what the identity will log in with */
    Enrollment prepareUpdb(IdentityId identity, String username, @Nullable Instant expiresAt);

    /**
     * In place of an authenticator, in the way that it came: a user name by {@code updb}, a certificate of a third party's authority that is
     * known by {@code ottca}, any other by {@code ott}.
     */
    Enrollment prepareAgain(Authenticator authenticator, @Nullable Instant expiresAt);

    /** For an edge router. */
    Enrollment prepareRouter(RouterId router, @Nullable Instant expiresAt);

    /** The same right with a new token; the old token ends when the caller has put the result. */
    Enrollment refresh(Enrollment enrollment, @Nullable Instant expiresAt);

    /** Uses a token of method {@code ott}: signs the request, makes the certificate authenticator. */
    CompletionStage<EnrolledIdentity> enrollOtt(String token, String csrPem, Proposal.Source source);

    /** Uses a token of method {@code ottca}: the certificate that was proved becomes the identity's. */
    CompletionStage<IdentityId> enrollOttCa(String token, PresentedCertificates presented, Proposal.Source source);

    /**
     * Makes an identity of a certificate of an authority that enrols by itself. There is no token.
     *
     * @param requestedName null for none
     */
    CompletionStage<IdentityId> enrollCa(
            PresentedCertificates presented, @Nullable String requestedName, Proposal.Source source);

    /** Uses a token of method {@code updb}. @return the user name */
    CompletionStage<String> enrollUpdb(String token, String username, String password, Proposal.Source source);

    /** Uses a token of method {@code erott}: signs both requests, the router is verified from then on. */
    CompletionStage<EnrolledRouter> enrollRouter(
            String token, String clientCsrPem, String serverCsrPem, Proposal.Source source);

    /** Refuses a token that is unknown or of another method, in OpenZiti's order. @throws EnrollmentException says which */
    void checkMethod(String token, String method);

    /**
     * @param identityId whose certificate it is
     * @param certPem leaf, then intermediates, without the root
     */
    record EnrolledIdentity(IdentityId identityId, String certPem) {}

    /**
     * @param certPem the client chain, leaf first, without the root
     * @param serverCertPem the server chain, likewise
     * @param caPem every authority that the network trusts
     */
    record EnrolledRouter(RouterId routerId, String certPem, String serverCertPem, String caPem) {}
}
