package io.zitipekko.actors.router.link;

import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.control.ControlMessages;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.LinkStateUpdate;
import io.zitipekko.transport.control.proto.RouterLinks;
import java.util.Collection;
import java.util.Set;

/** What controllers are told of this router's links (protocol/04 section 1.10). Only who dialled a link tells of its being there. */
final class LinkReports {
    private final ControllerClient controllers;

    LinkReports(ControllerClient controllers) {
        this.controllers = controllers;
    }

    /** Tells every controller. */
    void up(RouterLink link) {
        report(RouterLinks.newBuilder().addLinks(describe(link)).build(), controllers.connected());
    }

    /** Tells one controller of all links that there are. */
    void refresh(ControllerId controller, Collection<RouterLink> links) {
        RouterLinks.Builder all = RouterLinks.newBuilder().setFullRefresh(true);
        links.forEach(link -> all.addLinks(describe(link)));
        report(all.build(), Set.of(controller));
    }

    private void report(RouterLinks links, Collection<ControllerId> to) {
        Message message = ControlMessages.of(ControlContentType.ROUTER_LINKS, links);
        to.forEach(c -> controllers.send(ControllerPreference.only(c), Lane.DEFAULT, message));
    }

    private static RouterLinks.RouterLink describe(RouterLink link) {
        return RouterLinks.RouterLink.newBuilder()
                .setId(link.id)
                .setDestRouterId(link.remote().value())
                .setLinkProtocol(link.key.protocol())
                .setDialAddress(link.dialAddress)
                .setIteration(link.iteration)
                .setConnState(link.connState())
                .build();
    }

    void underlays(RouterLink link) {
        controllers.broadcast(
                Lane.DEFAULT,
                ControlMessages.of(
                        ControlContentType.LINK_STATE,
                        LinkStateUpdate.newBuilder()
                                .setLinkId(link.id)
                                .setLinkIteration(link.iteration)
                                .setConnState(link.connState())
                                .build()));
    }

    void lost(RouterLink link) {
        fault(FaultSubject.LINK_FAULT, link);
    }

    /** Another link of the same key has taken its place. */
    void duplicate(RouterLink link) {
        fault(FaultSubject.LINK_DUPLICATE, link);
    }

    private void fault(FaultSubject subject, RouterLink link) {
        controllers.broadcast(
                Lane.DEFAULT,
                ControlMessages.of(
                        ControlContentType.FAULT,
                        Fault.newBuilder()
                                .setSubject(subject)
                                .setId(link.id)
                                .setIteration(link.iteration)
                                .build()));
    }
}
