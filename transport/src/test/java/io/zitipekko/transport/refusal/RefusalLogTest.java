package io.zitipekko.transport.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("refusals-under-test");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong time = new AtomicLong();
    private final List<String> told = new ArrayList<>();
    private final RefusalLog refusals = new RefusalLog(
            logger,
            new RefusalLimiter(Duration.ofMinutes(1), time::get),
            (peer, what, reason) -> told.add(what + ": " + reason));

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    private static InetSocketAddress peer(int host, int port) {
        return new InetSocketAddress("10.0." + host / 250 + "." + (host % 250 + 1), port);
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void saysAReasonOnceForEachPeerWhateverItsPort() {
        for (int port = 1; port <= 1000; port++) {
            refusals.refused(peer(1, port), "hello", "no such router");
        }
        refusals.refused(peer(1, 1), "hello", "the router is disabled");
        refusals.refused(peer(2, 1), "hello", "no such router");

        assertThat(said())
                .containsExactly(
                        "hello refused: no such router from /10.0.0.2:1",
                        "hello refused: the router is disabled from /10.0.0.2:1",
                        "hello refused: no such router from /10.0.0.3:1");
    }

    @Test
    void neitherAPeerThatVariesItsReasonsNorManyPeersFillTheLog() {
        for (int i = 0; i < 1000; i++) {
            refusals.refused(peer(1, 1), "hello", "no router " + i);
        }
        assertThat(said()).hasSize(8);

        for (int host = 2; host < 5000; host++) {
            refusals.refused(peer(host, 1), "hello", "no such router");
        }
        assertThat(said()).hasSize(200);
        assertThat(told)
                .as("whoever hears of what is logged hears of nothing else")
                .hasSize(200)
                .startsWith("hello: no router 0");
    }

    @Test
    void theNextIntervalBeginsAnewAndCountsWhatWasLeftOut() {
        refusals.refused(peer(1, 1), "hello", "no such router");
        refusals.refused(peer(1, 2), "hello", "no such router");
        time.addAndGet(Duration.ofMinutes(1).toNanos());

        refusals.refused(peer(1, 3), "hello", "no such router");

        assertThat(said())
                .containsExactly(
                        "hello refused: no such router from /10.0.0.2:1",
                        "1 more refusals were not logged one by one",
                        "hello refused: no such router from /10.0.0.2:3");
    }

    @Test
    void whatAPeerSentCannotForgeALine() {
        refusals.refused(peer(1, 1), "hello", "router 'x\r\n2026 INFO all is well\u001b[2J\u202e'" + "y".repeat(5000));

        assertThat(said()).singleElement().satisfies(line -> {
            assertThat(line).doesNotContain("\n", "\r", "\u001b", "\u202e");
            assertThat(line).hasSizeLessThan(400);
        });
    }
}
