/** A channel over its underlays: lanes, replies, heartbeats, and the groups of a listener (protocol/01 sections 7 to 9). */
@NullMarked
package io.zitipekko.transport.channel.group;

import org.jspecify.annotations.NullMarked;
