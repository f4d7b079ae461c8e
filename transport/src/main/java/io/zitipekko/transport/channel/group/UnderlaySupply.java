package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.UnderlayInfo;
import java.util.List;
import java.util.function.Supplier;

/** Opens further underlays for a channel that was dialed. */
public interface UnderlaySupply {
    /**
     * Underlays have come or gone.
     *
     * @param connected what is connected when it is asked: two changes at once may be told in either order
     */
    void changed(Supplier<List<UnderlayInfo>> connected);

    /** The channel is closed. */
    void stop();
}
