/** The ends of circuits at this router and what they are bound to: edge connections and TCP connections (protocol/04 section 3). */
@NullMarked
package io.zitipekko.actors.router.circuit;

import org.jspecify.annotations.NullMarked;
