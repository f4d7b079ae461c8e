/**
 * Whole networks in one JVM over real TLS on loopback, for scenario tests: {@link io.zitipekko.overlay.MiniOverlay} starts controllers,
 * routers and SDKs, {@link io.zitipekko.overlay.OverlayCircuit} is one open connection through them.
 */
@NullMarked
package io.zitipekko.overlay;

import org.jspecify.annotations.NullMarked;
