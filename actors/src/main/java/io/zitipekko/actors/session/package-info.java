/** API sessions, service sessions and their tokens. */
@NullMarked
package io.zitipekko.actors.session;

import org.jspecify.annotations.NullMarked;
