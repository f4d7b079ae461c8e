/** Administration over the management API: edge login, create, list, delete. */
@NullMarked
package io.zitipekko.command.edge;

import org.jspecify.annotations.NullMarked;
