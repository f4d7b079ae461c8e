package io.zitipekko.api.http;

import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import java.util.Set;

/**
 * Who makes a request, authenticated by an API session.
 *
 * @param name of the identity
 * @param admin may do everything
 * @param permissions of a non-administrator, protocol/06 section 4
 * @param partial authentication queries are outstanding
 */
public record Caller(
        IdentityId identityId,
        String name,
        ApiSessionId apiSessionId,
        boolean admin,
        Set<String> permissions,
        boolean partial) {
    public Caller {
        permissions = Set.copyOf(permissions);
    }

    /** Who is written into the audit for what this caller changes. */
    public Proposal.Author author() {
        return new Proposal.Author("identity", identityId.value(), name);
    }
}
