package io.zitipekko.sdk.dial;

/**
 * A connection that was dialed.
 *
 * @param service the service's name
 * @param router the edge router that it goes through
 * @param circuitId for asking the network about it; empty when the router did not say
 * @param encrypted whether the traffic is encrypted from end to end
 * @param ownFlowControl whether it is the end of its circuit itself, see {@link DialOptions#ownFlowControl}
 */
public record OutgoingConnection(
        String service, String router, String circuitId, boolean encrypted, boolean ownFlowControl) {}
