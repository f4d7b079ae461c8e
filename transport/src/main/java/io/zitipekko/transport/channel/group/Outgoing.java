package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import org.jspecify.annotations.Nullable;

/** A message in an outbound queue: {@code lane} is where it counts, {@code taken} runs when it leaves the queue either way. */
record Outgoing(Message message, int sequence, Lane lane, long size, @Nullable Runnable taken) {}
