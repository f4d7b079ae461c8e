/** Hosting services: a source of incoming connections, kept bound to several edge routers. */
@NullMarked
package io.zitipekko.sdk.host;

import org.jspecify.annotations.NullMarked;
