package io.zitipekko.config;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.identity.Identity;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The section {@code link} of a router's file (protocol/07 section 12): where it takes links, and which it dials. */
final class LinkSection {
    private final Section link;
    private final Identity identity;

    /** @param identity whose certificate must name what is advertised */
    LinkSection(Section link, Identity identity) {
        this.link = link;
        this.identity = identity;
    }

    RouterSettings.Links links() {
        Duration unresponsive = link.section("heartbeats")
                .flatMap(h -> h.duration("closeUnresponsiveTimeout"))
                .orElse(ChannelOptions.LINK.closeUnresponsive());
        List<RouterSettings.LinkListener> listeners = new ArrayList<>();
        for (Section s : link.sections("listeners")) {
            requireTransport(s);
            TransportAddress bind = s.requiredAddress("bind");
            TransportAddress advertise = s.address("advertise").orElse(bind);
            Identities.requireCovered(identity, advertise.host(), s.at("advertise"));
            listeners.add(new RouterSettings.LinkListener(
                    bind,
                    advertise,
                    s.text("bindInterface").orElseGet(() -> interfaceOf(bind.host())),
                    groups(s),
                    linkOptions(s, unresponsive)));
        }
        List<RouterSettings.LinkDialer> dialers = new ArrayList<>();
        RouterSettings.LinkDialer d = RouterSettings.LinkDialer.DEFAULT;
        List<Section> dialerSections = link.sections("dialers");
        // Without it, both ends of a pair that dial each other would give their links different keys, and keep both.
        String adopted = listeners.size() == 1 && dialerSections.size() == 1
                ? listeners.get(0).localBinding()
                : d.localBinding();
        for (Section s : dialerSections) {
            requireTransport(s);
            dialers.add(new RouterSettings.LinkDialer(
                    s.text("bindInterface").or(() -> s.text("bind")).orElse(adopted),
                    groups(s),
                    s.bool("split").orElse(d.split()),
                    s.integer("maxDefaultConnections", 1, 100).orElse(d.maxDefaultConnections()),
                    s.integer("maxAckConnections", 0, 100).orElse(d.maxAckConnections()),
                    s.duration("startupDelay").orElse(d.startupDelay()),
                    backoff(s.section("healthyDialBackoff"), d.healthy()),
                    backoff(s.section("unhealthyDialBackoff"), d.unhealthy()),
                    linkOptions(s, unresponsive)));
        }
        return new RouterSettings.Links(listeners, dialers);
    }

    private static ChannelOptions linkOptions(Section s, Duration unresponsive) {
        ChannelOptions o = ChannelSection.read(s.section("options"), ChannelOptions.LINK);
        return new ChannelOptions(
                o.helloTimeout(),
                o.maxMessageBytes(),
                o.laneBytes(),
                unresponsive,
                unresponsive.multipliedBy(2),
                o.startupDelay());
    }

    private static void requireTransport(Section s) {
        String binding = s.requiredText("binding");
        if (!binding.equals("transport")) {
            throw new ConfigException(s.at("binding") + ": '" + binding + "' (expected: transport)");
        }
    }

    private static List<String> groups(Section s) {
        List<String> groups = s.texts("groups");
        return groups.isEmpty() ? List.of("default") : groups;
    }

    private static RouterSettings.Backoff backoff(Optional<Section> section, RouterSettings.Backoff d) {
        return section.map(s -> new RouterSettings.Backoff(
                        s.duration("minRetryInterval").orElse(d.min()),
                        s.duration("maxRetryInterval").orElse(d.max()),
                        s.decimal("retryBackoffFactor", 1, 100).orElse(d.factor())))
                .orElse(d);
    }

    /** The name of the interface that owns a bind address, or empty: it becomes part of link keys. */
    private static String interfaceOf(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress()) {
                return "";
            }
            NetworkInterface owner = NetworkInterface.getByInetAddress(address);
            return owner == null ? "" : owner.getName();
        } catch (UnknownHostException | SocketException e) {
            return "";
        }
    }
}
