package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.actors.enrollment.Enrollments;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.management.entity.Fields;
import java.util.Optional;

/** The enrollment that a new identity is made with: the first of {@code ott}, {@code ottca}, {@code updb} that is asked for. */
final class IdentityEnrollment {
    private IdentityEnrollment() {}

    static Optional<Change> of(JsonNode wanted, IdentityId identity, Enrollments enrollments, ModelView view) {
        if (wanted.isMissingNode() || wanted.isNull()) {
            return Optional.empty();
        }
        if (!wanted.isObject()) {
            throw ApiErrors.couldNotParseBody("field 'enrollment' should be an object");
        }
        if (wanted.hasNonNull("ott") && Fields.bool("enrollment.ott", wanted.get("ott"))) {
            return Optional.of(put(enrollments.prepareOtt(identity, null)));
        }
        if (wanted.hasNonNull("ottca")) {
            String ca = Fields.text("enrollment.ottca", wanted.get("ottca"));
            if (!ca.isEmpty()) {
                return Optional.of(
                        put(enrollments.prepareOttCa(identity, authority("enrollment.ottca", ca, view), null)));
            }
        }
        if (wanted.hasNonNull("updb")) {
            String username = Fields.text("enrollment.updb", wanted.get("updb"));
            if (!username.isEmpty()) {
                Usernames.check("enrollment.updb", username);
                return Optional.of(put(enrollments.prepareUpdb(identity, username, null)));
            }
        }
        return Optional.empty();
    }

    /** An authority that is there. @throws io.zitipekko.api.http.ApiError {@code NOT_FOUND} blaming the field */
    static CaId authority(String field, String id, ModelView view) {
        return view.get(Cas.TYPE, Fields.id(field, id, CaId::new)).map(Ca::id).orElseThrow(() -> ApiErrors.notFound()
                .because(field, "no certificate authority has that id", id));
    }

    private static Change put(Enrollment enrollment) {
        return new Change.Put<>(io.zitipekko.actors.model.type.Enrollments.TYPE, enrollment, null);
    }
}
