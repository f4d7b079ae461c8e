/** One transport connection of a channel: its hello and its stage (protocol/01 sections 4 and 6). */
@NullMarked
package io.zitipekko.transport.channel.underlay;

import org.jspecify.annotations.NullMarked;
