package io.zitipekko.actors.policy;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.view.Leftovers;

/**
 * Whether an API session still rests on what admitted it. Asked with each use, so that a session is worth nothing from the commit on that
 * took its ground away, whenever it is deleted.
 */
public final class ApiSessionRights {
    private ApiSessionRights() {}

    /** True while the session is there, all that it belongs to, too, and it was admitted by what still admits. */
    public static boolean stands(ModelView view, ApiSessionId id) {
        return view.get(ApiSessions.TYPE, id)
                .filter(session -> stands(view, session))
                .isPresent();
    }

    /** The same of a session that is there. */
    public static boolean stands(ModelView view, ApiSession session) {
        return Leftovers.stands(view, ApiSessions.TYPE, session) && ApiSessions.admitted(view, session);
    }
}
