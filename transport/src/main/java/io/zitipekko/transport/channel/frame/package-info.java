/** Frames to bytes and back (protocol/01 section 4). */
@NullMarked
package io.zitipekko.transport.channel.frame;

import org.jspecify.annotations.NullMarked;
