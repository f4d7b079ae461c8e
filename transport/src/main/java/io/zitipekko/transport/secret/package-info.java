/** End-to-end encryption: key exchange and secret stream (protocol/02 section 15). */
@NullMarked
package io.zitipekko.transport.secret;

import org.jspecify.annotations.NullMarked;
