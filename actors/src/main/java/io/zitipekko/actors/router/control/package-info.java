/** The router's connections to its controllers (protocol/03). */
@NullMarked
package io.zitipekko.actors.router.control;

import org.jspecify.annotations.NullMarked;
