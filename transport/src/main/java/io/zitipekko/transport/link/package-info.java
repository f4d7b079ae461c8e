/** Message types of links (protocol/04). */
@NullMarked
package io.zitipekko.transport.link;

import org.jspecify.annotations.NullMarked;
