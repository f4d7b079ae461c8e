/** Running nodes: settings to actor system, listeners and stores. */
@NullMarked
package io.zitipekko.node;

import org.jspecify.annotations.NullMarked;
