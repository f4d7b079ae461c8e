/** Message types of the control connection (protocol/03). */
@NullMarked
package io.zitipekko.transport.control;

import org.jspecify.annotations.NullMarked;
