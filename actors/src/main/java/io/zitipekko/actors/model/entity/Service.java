package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ServiceId;
import java.util.List;
import java.util.Set;

/**
 * Something that may be dialled and hosted. protocol/06 section 6.2.
 *
 * @param name unique
 * @param terminatorStrategy {@code smartrouting}, {@code weighted}, {@code random}, {@code sticky}
 * @param configs at most one per config type
 * @param maxIdleTimeMillis 0: no limit
 */
public record Service(
        ServiceId id,
        Meta meta,
        String name,
        boolean encryptionRequired,
        String terminatorStrategy,
        Set<String> roleAttributes,
        List<ConfigId> configs,
        long maxIdleTimeMillis)
        implements Entity {
    public Service {
        terminatorStrategy =
                terminatorStrategy == null || terminatorStrategy.isBlank() ? "smartrouting" : terminatorStrategy;
        roleAttributes = Immutable.attributes(roleAttributes);
        configs = Immutable.list(configs);
    }
}
