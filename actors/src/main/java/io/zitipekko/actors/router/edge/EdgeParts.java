package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.circuit.CircuitEnds;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.transport.identity.Identity;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the edge side works with; all of it is shared with the rest of the router.
 *
 * @param version what it says of its build, see {@link RouterSettings#version}
 * @param circuitTimeout how long a controller may take to create a circuit
 * @param refusals the audit of what is refused
 * @param executor for continuations that are not a channel's business; not the data plane's threads
 */
public record EdgeParts(
        RouterId router,
        String version,
        Supplier<Identity> identity,
        RouterSettings.Edge settings,
        Duration circuitTimeout,
        ControllerClient controllers,
        RouterDataModel model,
        ApiSessionTable apiSessions,
        CircuitEnds ends,
        RefusalReporter refusals,
        Executor executor,
        Clock clock) {}
