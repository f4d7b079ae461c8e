/** Links between routers, as their dialers report them. */
@NullMarked
package io.zitipekko.actors.fabric.link;

import org.jspecify.annotations.NullMarked;
