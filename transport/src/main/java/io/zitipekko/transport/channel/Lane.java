package io.zitipekko.transport.channel;

/**
 * The queues of a channel. Which underlay drains which lane follows from the channel's kind (protocol/01 section 7); while no
 * underlay of its own is up, a lane is one FIFO with {@link #DEFAULT}, so that order is kept on single-underlay channels.
 */
public enum Lane {
    /** control: route, unroute, circuit requests; link: acknowledgements; edge: connect, dial, bind and their replies. */
    HIGH,
    /** Everything else; on links the payloads, on edge channels the data. */
    DEFAULT,
    /** control: inspect and validate. */
    LOW
}
