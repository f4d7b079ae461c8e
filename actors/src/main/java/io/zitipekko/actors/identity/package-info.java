/** IdentityActor: presence, sessions and log-in throttling of one identity. */
@NullMarked
package io.zitipekko.actors.identity;

import org.jspecify.annotations.NullMarked;
