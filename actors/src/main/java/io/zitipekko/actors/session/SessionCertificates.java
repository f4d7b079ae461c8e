package io.zitipekko.actors.session;

import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Certificates of API sessions, each seen only by its own session (protocol/05 section 5.6, GHSA-6v5r-p2wr-q492). Thread-safe. */
public interface SessionCertificates {
    /**
     * Signs the public key of a request for the session; subject and extensions of the request are ignored.
     *
     * @throws io.zitipekko.actors.enrollment.EnrollmentException through the stage, when the request is unusable
     */
    CompletionStage<Issued> issue(AuthenticatedSession session, String csrPem);

    /** Those of this session, with the one that it logged in with. */
    List<ApiSessionCertificate> of(AuthenticatedSession session);

    /** One of this session's; empty for anybody else's. */
    Optional<ApiSessionCertificate> find(AuthenticatedSession session, ApiSessionCertificateId id);

    /** Takes one of this session's away; false when it has none of that id. */
    CompletionStage<Boolean> delete(AuthenticatedSession session, ApiSessionCertificateId id);

    /**
     * @param certificate as stored
     * @param chainPem leaf first, without the root
     * @param casPem the first-party bundle
     */
    record Issued(ApiSessionCertificate certificate, String chainPem, String casPem) {}
}
