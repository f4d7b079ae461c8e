package io.zitipekko.transport.eventloop;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.MonitorableThreadFactory;

/**
 * The executor of dispatcher {@code ziti.event-loop}: an event loop inside Pekko. A task submitted on a TCP selector's thread
 * runs there and then, so selector, connection actor, TLS and routing of one connection share one thread and no wake-up lies
 * between them; see {@link EventLoopExecutor}. Named by class in {@code reference.conf}.
 */
public final class EventLoopConfigurator extends ExecutorServiceConfigurator {
    /** Id of the dispatcher for data streams: {@code ActorAttributes.dispatcher(EventLoopConfigurator.DISPATCHER)}. */
    public static final String DISPATCHER = "ziti.event-loop";

    /** Id of the dispatcher for the selectors' own loops; threads are recognised by it. */
    static final String SELECTOR_DISPATCHER = "ziti.event-loop-selector";

    private static final String SELECTORS = "pekko.io.tcp.nr-of-selectors";

    private final EventLoopSettings settings;

    /** Called by Pekko. */
    public EventLoopConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        this.settings = EventLoopSettings.of(config);
    }

    /**
     * The configuration with one TCP selector per processor, which a configuration file cannot express. A system property
     * {@code pekko.io.tcp.nr-of-selectors} wins.
     */
    public static Config withSelectorPerProcessor(Config config) {
        Config chosen = ConfigFactory.parseString(
                SELECTORS + " = " + Runtime.getRuntime().availableProcessors());
        return ConfigFactory.systemProperties()
                .withOnlyPath(SELECTORS)
                .withFallback(chosen)
                .withFallback(config);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        ThreadFactory named =
                threads instanceof MonitorableThreadFactory pekko ? pekko.withName(pekko.name() + "-" + id) : threads;
        return () -> new EventLoopExecutor(named, settings);
    }
}
