package io.zitipekko.actors.router.edge;

import org.apache.pekko.actor.typed.ActorRef;

/** What the channels of one router's edge share. */
record EdgeServices(
        EdgeParts parts,
        EdgeRegistry registry,
        SessionTokens tokens,
        RemovedSessions removedSessions,
        TerminatorTable terminators,
        ActorRef<HostedServices.Command> hosted) {}
