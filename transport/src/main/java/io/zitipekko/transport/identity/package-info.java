/** Key material, certificates and proof of who a peer is. {@code PeerIdentity} is built in one place, from a verified leaf. */
@NullMarked
package io.zitipekko.transport.identity;

import org.jspecify.annotations.NullMarked;
