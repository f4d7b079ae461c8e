package io.zitipekko.transport.eventloop;

import com.typesafe.config.Config;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** The dispatcher that runs data streams on the thread of their socket; see {@code ziti-transport.conf}. */
public final class EventLoopConfigurator extends ExecutorServiceConfigurator {
    /** Id of the dispatcher for data streams: {@code ActorAttributes.dispatcher(EventLoopConfigurator.DISPATCHER)}. */
    public static final String DISPATCHER = "ziti.event-loop";

    public EventLoopConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> (ExecutorService) java.util.concurrent.Executors.newSingleThreadExecutor(threads);
    }
}
