/**
 * The engine of a circuit's two ends: window, retransmission, order, half-close and close (protocol/04 section 3). Nothing in here
 * knows of sockets, streams or routers: {@link io.zitipekko.transport.xgress.end.CircuitEnd} talks through two small ports.
 */
@NullMarked
package io.zitipekko.transport.xgress.end;

import org.jspecify.annotations.NullMarked;
