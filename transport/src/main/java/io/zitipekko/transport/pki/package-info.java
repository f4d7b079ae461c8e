/** Making certificates: authorities, requests, chains, certs-only PKCS#7. */
@NullMarked
package io.zitipekko.transport.pki;

import org.jspecify.annotations.NullMarked;
