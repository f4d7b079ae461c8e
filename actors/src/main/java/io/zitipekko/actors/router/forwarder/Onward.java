package io.zitipekko.actors.router.forwarder;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;

/**
 * Messages as the next hop gets them: with their own headers only. Channel headers (reply-for, heartbeats) and edge headers belong to
 * the hop that a message came over; passed on, a reply-for could answer a request of ours. The RTT stamp is passed on as it is,
 * which keeps it the sender's (protocol/04 section 2.5).
 */
final class Onward {
    private static final int FIRST_EDGE_HEADER = 1000;

    private Onward() {}

    /** The message without the headers of its last hop; its headers are not copied when there were none. */
    static Message of(Message message) {
        return Message.of(message.contentType(), headers(message), message.body());
    }

    private static Headers headers(Message message) {
        return message.contentType() == XgressContentType.CONTROL
                ? message.headers().filtered(id -> id >= XgressHeader.TRACE_HOP_COUNT && id < FIRST_EDGE_HEADER)
                : message.headers()
                        .filtered(id -> XgressHeader.isPayloadHeader(id)
                                || id >= XgressHeader.CIRCUIT_ID && id <= XgressHeader.RTT_STAMP);
    }
}
