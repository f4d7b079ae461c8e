/** What the model holds: immutable, checked as they are made. No Pekko. */
@NullMarked
package io.zitipekko.actors.model.entity;

import org.jspecify.annotations.NullMarked;
