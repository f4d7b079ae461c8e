/** Message types of the edge connection (protocol/02). */
@NullMarked
package io.zitipekko.transport.edge;

import org.jspecify.annotations.NullMarked;
