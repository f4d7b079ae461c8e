/** Addresses of listeners and peers. */
@NullMarked
package io.zitipekko.transport.address;

import org.jspecify.annotations.NullMarked;
