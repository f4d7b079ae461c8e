package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.router.edge.host.HostedServices;
import io.zitipekko.actors.router.edge.host.TerminatorTable;
import io.zitipekko.actors.router.edge.session.RemovedSessions;
import io.zitipekko.actors.router.edge.session.SessionTokens;
import org.apache.pekko.actor.typed.ActorRef;

/** What the channels of one router's edge share. */
record EdgeServices(
        EdgeParts parts,
        EdgeRegistry registry,
        SessionTokens tokens,
        RemovedSessions removedSessions,
        TerminatorTable terminators,
        ActorRef<HostedServices.Command> hosted) {}
