package io.zitipekko.transport.xgress;

/** Content types of the data plane, the same on links and on edge channels (protocol/04 sections 1.6 and 7). */
public final class XgressContentType {
    public static final int PAYLOAD = 1100;
    public static final int ACKNOWLEDGEMENT = 1101;
    public static final int CONTROL = 1102;
    /** Only from an SDK that ends the xgress itself: its circuit is over. Body: circuit id. */
    public static final int CLOSE = 1103;

    private XgressContentType() {}
}
