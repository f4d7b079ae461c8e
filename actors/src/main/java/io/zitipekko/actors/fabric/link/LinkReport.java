package io.zitipekko.actors.fabric.link;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.model.id.RouterId;
import java.util.List;

/**
 * What a dialing router says of one of its links (protocol/03 section 9.5).
 *
 * @param stateIteration of the connections; an older one than is known is ignored
 */
public record LinkReport(
        LinkId id,
        RouterId dest,
        String protocol,
        String dialAddress,
        int iteration,
        int stateIteration,
        List<LinkStatus.Connection> connections) {
    public LinkReport {
        connections = List.copyOf(connections);
    }
}
