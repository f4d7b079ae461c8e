/** Logging in, keeping the API session alive, and asking the controllers: services, edge routers, service sessions. */
@NullMarked
package io.zitipekko.sdk.auth;

import org.jspecify.annotations.NullMarked;
