package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;

/**
 * By which right a connection or a listener exists: a service session, for one service and one way.
 *
 * <p>The router's copy of the model may lag behind the controller that granted a legacy session. So what counts there is a right that
 * was seen and is lost, not one that was never seen; {@link #judge} keeps that memory.
 */
public final class Grant {
    private final PolicyType type;
    private final ServiceId service;
    private final SessionId session;
    private final String token;
    private volatile boolean seen;

    public Grant(PolicyType type, ServiceId service, SessionId session, String token) {
        this.type = type;
        this.service = service;
        this.session = session;
        this.token = token;
    }

    public PolicyType type() {
        return type;
    }

    public ServiceId service() {
        return service;
    }

    public SessionId session() {
        return session;
    }

    /** The service session's token, secret. */
    public String token() {
        return token;
    }

    /** Looks at the policies again; false when the right is lost. */
    public boolean judge(RouterDataModel model, EdgeSession owner) {
        RouterDataModel.Access access = model.access(owner.identityId(), service, type);
        if (access instanceof RouterDataModel.Access.Granted) {
            seen = true;
            return true;
        }
        if (access instanceof RouterDataModel.Access.IfPostured) {
            // The posture of a legacy session is known to its controller only; of others nothing is known here, which
            // fails.
            seen = true;
            return owner.kind() == EdgeSession.Kind.LEGACY;
        }
        return owner.kind() == EdgeSession.Kind.LEGACY && !seen;
    }

    @Override
    public String toString() {
        return "Grant[" + type + " " + service + ", session " + session + "]";
    }
}
