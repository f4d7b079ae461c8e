/** The edge client API: what SDKs call to enrol, log in, and learn what they may use (protocol/05). Each class holds the routes of one subject. */
@NullMarked
package io.zitipekko.api.client;

import org.jspecify.annotations.NullMarked;
