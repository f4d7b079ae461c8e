package io.zitipekko.transport.link;

/** Header ids of a link's Hello (protocol/04 section 1.3). They mean this in the Hello only. */
public final class LinkHeaders {
    /** string: group id, or what pairs the two halves of a split link. */
    public static final int CONNECTION_ID = 0;
    /** one byte on split links: 1 payload, 2 acknowledgements. */
    public static final int CHANNEL_TYPE = 1;
    /** string: the dialer's router id. */
    public static final int ROUTER_ID = 2;
    /** string: the dialed router's version, as its dialer knows it. */
    public static final int ROUTER_VERSION = 3;
    /** string, may be empty. */
    public static final int DIALER_BINDING = 4;
    /** uint32. */
    public static final int ITERATION = 5;
    /** string: the router that the dialer means to reach. */
    public static final int DIALED_ROUTER_ID = 6;
    /** string; else the Hello's body. */
    public static final int LINK_ID = 100;

    private LinkHeaders() {}
}
