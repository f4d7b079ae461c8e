package io.zitipekko.actors.fabric;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.channel.VersionInfo;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is known of a router that holds a control channel to this controller.
 *
 * @param id proved by its certificate
 * @param connectedAt when its channel opened
 * @param remote where it connected from
 * @param version from its hello
 * @param capabilityMask from its hello; bit n is capability n
 * @param linkListeners where it accepts links
 * @param ctrlListeners where it accepts control channels, address to groups
 * @param hostname as its edge listener advertises; empty before it answered ServerHello
 * @param supportedProtocols protocol to URL, e.g. {@code tls} to {@code tls://host:port}: what SDKs are told
 * @param syncStatus how far it is in sync
 * @param interfaces its network interfaces as last reported
 */
public record RouterStatus(
        RouterId id,
        Instant connectedAt,
        InetSocketAddress remote,
        VersionInfo version,
        BigInteger capabilityMask,
        List<LinkListener> linkListeners,
        Map<String, List<String>> ctrlListeners,
        String hostname,
        Map<String, String> supportedProtocols,
        SyncStatus syncStatus,
        List<NetworkInterface> interfaces) {
    private static final Map<Integer, String> CAPABILITIES = Map.of(
            1, "MULTI_CHANNEL", 2, "CONNECT_V2", 4, "SERVICE_SUBSCRIPTIONS", 5, "POSTURE_CHECKS", 6, "BIND_SUCCESS");

    public RouterStatus {
        linkListeners = List.copyOf(linkListeners);
        ctrlListeners = Map.copyOf(ctrlListeners);
        supportedProtocols = Map.copyOf(supportedProtocols);
        interfaces = List.copyOf(interfaces);
    }

    /** Names of the capability bits that are known, in bit order. */
    public List<String> capabilities() {
        List<String> names = new ArrayList<>();
        CAPABILITIES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(e -> capabilityMask.testBit(e.getKey()))
                .forEach(e -> names.add(e.getValue()));
        return names;
    }

    public RouterStatus withLinkListeners(List<LinkListener> listeners) {
        return new RouterStatus(
                id,
                connectedAt,
                remote,
                version,
                capabilityMask,
                listeners,
                ctrlListeners,
                hostname,
                supportedProtocols,
                syncStatus,
                interfaces);
    }

    public RouterStatus withEdge(String newHostname, Map<String, String> protocols, SyncStatus status) {
        return new RouterStatus(
                id,
                connectedAt,
                remote,
                version,
                capabilityMask,
                linkListeners,
                ctrlListeners,
                newHostname,
                protocols,
                status,
                interfaces);
    }

    public RouterStatus withSyncStatus(SyncStatus status) {
        return withEdge(hostname, supportedProtocols, status);
    }

    public RouterStatus withInterfaces(List<NetworkInterface> newInterfaces) {
        return new RouterStatus(
                id,
                connectedAt,
                remote,
                version,
                capabilityMask,
                linkListeners,
                ctrlListeners,
                hostname,
                supportedProtocols,
                syncStatus,
                newInterfaces);
    }

    /**
     * @param address e.g. {@code tls:host:port}
     * @param protocol e.g. {@code tls}
     * @param groups only listeners and dialers with a common group are joined
     * @param localBinding e.g. {@code transport}
     */
    public record LinkListener(String address, String protocol, List<String> groups, String localBinding) {
        public LinkListener {
            groups = List.copyOf(groups);
        }
    }

    /** One network interface as a router reported it. */
    public record NetworkInterface(
            String name, String hardwareAddress, long mtu, long index, long flags, List<String> addresses) {
        public NetworkInterface {
            addresses = List.copyOf(addresses);
        }
    }

    /** Edge synchronisation, with the names that the management API shows (prefix {@code SYNC_}). */
    public enum SyncStatus {
        NEW,
        QUEUED,
        HELLO,
        HELLO_WAIT,
        RESYNC_WAIT,
        IN_PROGRESS,
        DONE,
        UNKNOWN,
        DISCONNECTED,
        HELLO_TIMEOUT,
        ERROR;

        /** As JSON shows it. */
        public String json() {
            return "SYNC_" + name();
        }
    }
}
