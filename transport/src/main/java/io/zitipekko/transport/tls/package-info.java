/** TLS as stream stages, dialing, and one listener shared by several protocols. */
@NullMarked
package io.zitipekko.transport.tls;

import org.jspecify.annotations.NullMarked;
