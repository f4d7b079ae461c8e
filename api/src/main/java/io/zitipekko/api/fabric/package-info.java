/** The fabric API: what the network does at this moment, and its routers, services and terminators without their edge side. protocol/06 section 7. */
@NullMarked
package io.zitipekko.api.fabric;

import org.jspecify.annotations.NullMarked;
