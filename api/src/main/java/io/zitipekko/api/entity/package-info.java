/** What the JSON of every entity and every list shares, whichever API shows it. */
@NullMarked
package io.zitipekko.api.entity;

import org.jspecify.annotations.NullMarked;
