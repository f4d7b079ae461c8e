/** Legacy API sessions, kept up to date at the routers (protocol/03 section 11). */
@NullMarked
package io.zitipekko.actors.fabric.apisession;

import org.jspecify.annotations.NullMarked;
