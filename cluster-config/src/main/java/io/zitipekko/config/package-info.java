/** Node files in OpenZiti's own YAML (protocol/07): read, checked, turned into settings. */
@NullMarked
package io.zitipekko.config;

import org.jspecify.annotations.NullMarked;
