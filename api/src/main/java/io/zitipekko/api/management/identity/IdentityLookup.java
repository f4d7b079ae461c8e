package io.zitipekko.api.management.identity;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.api.http.ApiErrors;

/** Finds the identity that a request names. */
final class IdentityLookup {
    private IdentityLookup() {}

    /** @throws io.zitipekko.api.http.ApiError {@code NOT_FOUND} */
    static Identity existing(ModelView view, String id) {
        if (id.isBlank() || id.length() > EntityId.MAX_LENGTH) {
            throw ApiErrors.notFound();
        }
        return view.get(Identities.TYPE, new IdentityId(id)).orElseThrow(ApiErrors::notFound);
    }
}
