/** How a router comes by its certificates, and renews them (protocol/03 section 5). */
@NullMarked
package io.zitipekko.actors.router.enroll;

import org.jspecify.annotations.NullMarked;
