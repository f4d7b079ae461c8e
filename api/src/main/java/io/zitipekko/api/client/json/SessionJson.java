package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.session.ServiceSessionResult;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.api.entity.Shapes;
import java.util.Collection;
import java.util.List;

/** A service session (protocol/05 section 9). */
public final class SessionJson {
    private SessionJson() {}

    /** As the wish for it is answered: with the token that routers check. */
    public static ObjectNode granted(ServiceSessionResult.Granted granted, ModelView view, FabricDirectory fabric) {
        ObjectNode out = listed(granted.session(), granted.routers(), view, fabric);
        out.put("token", granted.token());
        return out;
    }

    /** As it is listed later: in place of the token stands its id. */
    public static ObjectNode listed(
            Session session, Collection<RouterId> routers, ModelView view, FabricDirectory fabric) {
        ObjectNode out = Shapes.base(session, "sessions", List.of());
        out.put("apiSessionId", session.apiSessionId().value());
        out.put("identityId", session.identityId().value());
        out.put("serviceId", session.serviceId().value());
        out.put("type", ServiceSessionTokens.wireName(session.type()));
        out.put("token", session.id().value());
        out.set("edgeRouters", RouterJson.all(routers, view, fabric));
        return out;
    }
}
