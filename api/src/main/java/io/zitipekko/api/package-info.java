/** The HTTP APIs of a controller, put together. */
@NullMarked
package io.zitipekko.api;

import org.jspecify.annotations.NullMarked;
