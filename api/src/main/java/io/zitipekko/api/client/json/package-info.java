/** The JSON objects of the client API, field by field as SDKs read them: arrays are never null, unknown things are left out (protocol/05). */
@NullMarked
package io.zitipekko.api.client.json;

import org.jspecify.annotations.NullMarked;
