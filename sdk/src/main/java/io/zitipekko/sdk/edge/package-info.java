/** Connections to edge routers, and what runs in them: the wire side of dialing and hosting (protocol/02). For this module's use. */
@NullMarked
package io.zitipekko.sdk.edge;

import org.jspecify.annotations.NullMarked;
