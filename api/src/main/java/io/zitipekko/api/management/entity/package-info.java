/** What every entity's REST resource shares: routes, reading of bodies, lists, writes with retry, JSON that all entities have. */
@NullMarked
package io.zitipekko.api.management.entity;

import org.jspecify.annotations.NullMarked;
