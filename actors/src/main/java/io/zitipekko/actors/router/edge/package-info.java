/** The SDK-facing side of a router: edge channels, dials, hosting, and what may be done over them (protocol/02). */
@NullMarked
package io.zitipekko.actors.router.edge;

import org.jspecify.annotations.NullMarked;
