package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.zitipekko.sdk.ZitiContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Nodes that are stopped in the middle of their work say nothing of it in the log, and leave nothing behind that goes on. */
final class QuietStopTest {
    private static final int CIRCUITS = 20;

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stop() {
        root.detachAppender(lines);
    }

    @Test
    void nodesWithOpenCircuitsStopWithoutAWordAndWatchTheirFilesNoMore() {
        Set<Thread> before = watchers();
        try (MiniOverlay overlay = MiniOverlay.start()) {
            overlay.hostEcho();
            ZitiContext client = overlay.connect(overlay.client("client"));
            List<OverlayCircuit> circuits = new ArrayList<>();
            for (int i = 0; i < CIRCUITS; i++) {
                OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO);
                circuit.assertEchoes("hello");
                circuits.add(circuit);
            }
            assertThat(watchers()).as("the check works").hasSizeGreaterThan(before.size());
            // Much is under way when they stop: what is not acknowledged has a timer that wants to be set again.
            circuits.forEach(circuit -> circuit.send(ByteString.fromArray(new byte[100_000])));

            overlay.network().stopRouter(MiniOverlay.HOST_ROUTER);
            overlay.network().stopRouter(MiniOverlay.CLIENT_ROUTER);
        }

        await().atMost(MiniOverlay.PATIENCE)
                .untilAsserted(() -> assertThat(watchers()).isSubsetOf(before));
        assertThat(List.copyOf(lines.list))
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.ERROR) || tellsOfARejectedTask(line))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    private static boolean tellsOfARejectedTask(ILoggingEvent line) {
        for (IThrowableProxy why = line.getThrowableProxy(); why != null; why = why.getCause()) {
            if (why.getClassName().equals(RejectedExecutionException.class.getName())) {
                return true;
            }
        }
        return line.getFormattedMessage().contains(RejectedExecutionException.class.getSimpleName());
    }

    private static Set<Thread> watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("ziti-identity-watcher"))
                .collect(Collectors.toSet());
    }
}
