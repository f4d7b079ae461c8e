/** The channel layer: framing, hello, groups of underlays, heartbeats, replies (protocol/01). */
@NullMarked
package io.zitipekko.transport.channel;

import org.jspecify.annotations.NullMarked;
