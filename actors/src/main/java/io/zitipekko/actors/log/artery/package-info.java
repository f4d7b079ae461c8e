/** The log's messages between controllers over Pekko Artery, and the TLS that guards that port. */
@NullMarked
package io.zitipekko.actors.log.artery;

import org.jspecify.annotations.NullMarked;
