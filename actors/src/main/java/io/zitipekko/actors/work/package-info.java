/** Where work that takes long runs, so that no actor waits for it. */
@NullMarked
package io.zitipekko.actors.work;

import org.jspecify.annotations.NullMarked;
