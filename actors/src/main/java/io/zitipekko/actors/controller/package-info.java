/** What makes a controller node out of the other packages. */
@NullMarked
package io.zitipekko.actors.controller;

import org.jspecify.annotations.NullMarked;
