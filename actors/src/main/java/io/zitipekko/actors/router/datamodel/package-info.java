/** The router's copy of the model, streamed by a controller (protocol/03 section 12). */
@NullMarked
package io.zitipekko.actors.router.datamodel;

import org.jspecify.annotations.NullMarked;
