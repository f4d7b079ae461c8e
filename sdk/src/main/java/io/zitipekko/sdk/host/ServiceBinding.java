package io.zitipekko.sdk.host;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A service that is hosted: bound to one router at least when this was given; lost routers are bound again. */
public interface ServiceBinding {
    /** The service's name. */
    String service();

    /** The routers that it is bound to now; may be empty for a while. */
    List<String> routers();

    /** Stops hosting: no new connections, those that are open go on. Completes the source. Idempotent. */
    CompletionStage<Done> unbind();

    /** Completes when hosting has ended, by {@link #unbind} or by the source's cancellation; fails with the reason when it was lost. */
    CompletionStage<Done> whenUnbound();
}
