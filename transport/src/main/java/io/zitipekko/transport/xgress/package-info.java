/**
 * The messages of the data plane: payloads, acknowledgements and controls of a circuit, and what they carry (protocol/04
 * section 2). The engine of a circuit's two ends is {@link io.zitipekko.transport.xgress.end}.
 */
@NullMarked
package io.zitipekko.transport.xgress;

import org.jspecify.annotations.NullMarked;
