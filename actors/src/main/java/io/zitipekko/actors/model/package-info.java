/** The configured model: entities, change sets, views. No Pekko. */
@NullMarked
package io.zitipekko.actors.model;

import org.jspecify.annotations.NullMarked;
