/**
 * HTTP as every API of a controller speaks it: requests, answers, errors, access levels, limits. protocol/05 sections 1 to 4. Knows nothing
 * of what the single APIs offer.
 */
@NullMarked
package io.zitipekko.api.http;

import org.jspecify.annotations.NullMarked;
