/** Immutable states of the model with structural sharing, and the place where the latest one is published. */
@NullMarked
package io.zitipekko.actors.model.view;

import org.jspecify.annotations.NullMarked;
