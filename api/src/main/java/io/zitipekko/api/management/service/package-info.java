/** Services, what they are configured with and how they are reached. protocol/06 sections 6.2, 6.6, 6.7. */
@NullMarked
package io.zitipekko.api.management.service;

import org.jspecify.annotations.NullMarked;
