/** The dispatcher that runs data streams on the thread of their socket. */
@NullMarked
package io.zitipekko.transport.eventloop;

import org.jspecify.annotations.NullMarked;
