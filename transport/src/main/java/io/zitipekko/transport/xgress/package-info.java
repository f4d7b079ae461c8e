/** Payloads, acknowledgements, send window and receive buffer of a circuit's ends (protocol/04). */
@NullMarked
package io.zitipekko.transport.xgress;

import org.jspecify.annotations.NullMarked;
