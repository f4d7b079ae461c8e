/** The egress side: routes from controllers and the dialling of terminators (protocol/03 section 8.4, protocol/04 section 6). */
@NullMarked
package io.zitipekko.actors.router.dial;

import org.jspecify.annotations.NullMarked;
