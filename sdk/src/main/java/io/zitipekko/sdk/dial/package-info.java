/** Dialing services: one flow per connection, as Pekko's own TCP has it. */
@NullMarked
package io.zitipekko.sdk.dial;

import org.jspecify.annotations.NullMarked;
