package io.zitipekko.actors.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.model.Proposal;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Who enrols in tests, and how that is refused. */
final class EnrollmentAssertions {
    static final Proposal.Source SOURCE =
            new Proposal.Source("rest", "edge", "127.0.0.1:1280", "192.0.2.7:40000", "POST /edge/client/v1/enroll");

    private EnrollmentAssertions() {}

    /** Thrown at once, or what a stage fails with. */
    static void assertRefused(ThrowingCallable call, Code code) {
        assertThatThrownBy(call)
                .satisfies(thrown -> assertThat(thrown instanceof EnrollmentException ? thrown : thrown.getCause())
                        .isInstanceOfSatisfying(EnrollmentException.class, e -> assertThat(e.code())
                                .isEqualTo(code)));
    }
}
