package io.zitipekko.transport.control;

import io.zitipekko.transport.channel.Headers;
import java.math.BigInteger;

/** Capability bits that routers and controllers announce in their hellos (protocol/01 section 6.3, protocol/03 section 6.4). */
public final class Capabilities {
    /** Router: header ids from 1000 in its hello, several underlays. */
    public static final int ROUTER_MULTI_CHANNEL = 1;

    public static final int ROUTER_CONNECT_V2 = 2;
    public static final int ROUTER_SERVICE_SUBSCRIPTIONS = 4;
    public static final int ROUTER_POSTURE_CHECKS = 5;
    public static final int ROUTER_BIND_SUCCESS = 6;
    /** The private capability -2, counted from the top of 64 bits. */
    public static final int ROUTER_DATA_MODEL = 62;

    public static final int CONTROLLER_CREATE_TERMINATOR_V2 = 1;
    /** Only the dialing router reports a link. */
    public static final int CONTROLLER_SINGLE_ROUTER_LINK_SOURCE = 2;

    public static final int CONTROLLER_CREATE_CIRCUIT_V2 = 3;
    public static final int CONTROLLER_ROUTER_DATA_MODEL = 4;
    /** A router may add underlays to its control channel. */
    public static final int CONTROLLER_GROUPED_CTRL_CHAN = 5;
    /** Without it a 2.x router closes the channel. */
    public static final int CONTROLLER_JWT_LEGACY_SESSIONS = 6;

    /** What OpenZiti's own 2.1 controllers announce: bits 1 to 6. */
    public static final BigInteger CONTROLLER_2_1 = mask(
            CONTROLLER_CREATE_TERMINATOR_V2,
            CONTROLLER_SINGLE_ROUTER_LINK_SOURCE,
            CONTROLLER_CREATE_CIRCUIT_V2,
            CONTROLLER_ROUTER_DATA_MODEL,
            CONTROLLER_GROUPED_CTRL_CHAN,
            CONTROLLER_JWT_LEGACY_SESSIONS);
    /** What OpenZiti's own 2.1 routers announce. */
    public static final BigInteger ROUTER_2_1 = mask(
            ROUTER_MULTI_CHANNEL,
            ROUTER_CONNECT_V2,
            ROUTER_SERVICE_SUBSCRIPTIONS,
            ROUTER_POSTURE_CHECKS,
            ROUTER_BIND_SUCCESS,
            ROUTER_DATA_MODEL);

    private Capabilities() {}

    public static BigInteger mask(int... bits) {
        BigInteger mask = BigInteger.ZERO;
        for (int bit : bits) {
            mask = mask.setBit(bit);
        }
        return mask;
    }

    /** What a control hello or its Result announces: header 1002, else the legacy 12, else nothing. */
    public static BigInteger announcedBy(Headers hello) {
        return hello.mask(
                hello.has(ControlHeader.CAPABILITIES) ? ControlHeader.CAPABILITIES : ControlHeader.LEGACY_CAPABILITIES);
    }
}
