/** How much a node keeps for those who do not take it. */
package io.zitipekko.transport.memory;
