/** A router: control connection, data model, links, edge, forwarder, hosting. */
@NullMarked
package io.zitipekko.actors.router;

import org.jspecify.annotations.NullMarked;
