package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A network does all that it has secrets for, every logger of the process at its finest level: nothing of them is in the log. */
final class SecretsStayOutOfLogsTest {
    private static final Pattern ANY_TOKEN = Pattern.compile("eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{20,}");
    private static final String WRONG_PASSWORD = "wrong-password-1234";
    private static final String NEW_PASSWORD = "password-of-a-person-5678";

    @TempDir
    Path folder;

    private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Map<Logger, Level> levels = new HashMap<>();
    private final FileAppender<ILoggingEvent> appender = new FileAppender<>();
    private Path log;

    @BeforeEach
    void everyLoggerWritesEverything() {
        log = folder.resolve("everything.log");
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(loggers);
        encoder.setPattern("%level %logger %thread %mdc %msg%n%ex{full}");
        encoder.start();
        appender.setContext(loggers);
        appender.setFile(log.toString());
        appender.setEncoder(encoder);
        appender.start();
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        for (Logger logger : loggers.getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(logger, logger.getLevel());
                logger.setLevel(logger == root ? Level.ALL : null);
            }
        }
        // What goes to the screen stays as it is.
        root.iteratorForAppenders().forEachRemaining(screen -> {
            ch.qos.logback.classic.filter.ThresholdFilter warnings =
                    new ch.qos.logback.classic.filter.ThresholdFilter();
            warnings.setLevel("WARN");
            warnings.start();
            screen.addFilter(warnings);
        });
        root.addAppender(appender);
    }

    @AfterEach
    void loggersAsBefore() {
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAppender(appender);
        appender.stop();
        root.iteratorForAppenders().forEachRemaining(screen -> screen.clearAllFilters());
        levels.forEach(Logger::setLevel);
    }

    @Test
    void noLoggerTellsASecretAtAnyLevel() throws IOException {
        IssuedSecrets secrets;
        try (MiniOverlay overlay = MiniOverlay.start()) {
            secrets = overlay.secrets();
            secrets.add(WRONG_PASSWORD);
            secrets.add(NEW_PASSWORD);
            overlay.hostEcho();
            ZitiIdentityFile identity = overlay.client("client");
            secrets.add(identity);
            ZitiContext client = overlay.connect(identity);
            try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
                circuit.assertEchoes("hello");
            }
            ZitiContext stranger = overlay.connect(overlay.network().enrollIdentity("stranger"));
            assertThat(overlay.refusal(stranger, MiniOverlay.ECHO)).isNotNull();
            aPersonWithAPassword(overlay);
            refusedLogIn(overlay, "joe-doe", WRONG_PASSWORD);
            refusedLogIn(overlay, MiniOverlay.USER, WRONG_PASSWORD);
            overlay.network().stopRouter(MiniOverlay.CLIENT_ROUTER);
            overlay.network().startRouter(MiniOverlay.CLIENT_ROUTER);
            overlay.network().awaitMesh();
            overlay.management().delete("identities", overlay.identityId("client"));
        }

        assertThat(secrets.count()).as("secrets that were given out").isGreaterThan(10);
        assertThat(secrets.isToldBy("a line with " + NEW_PASSWORD))
                .as("the check works")
                .isTrue();
        assertThat(Files.size(log)).as("the log is written").isGreaterThan(100_000);
        try (Stream<String> lines = Files.lines(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            List<String> told = lines.filter(line -> secrets.isToldBy(line)
                            || line.contains("PRIVATE KEY-----")
                            || ANY_TOKEN.matcher(line).find())
                    .map(line -> line.substring(0, Math.min(400, line.length())))
                    .limit(20)
                    .toList();
            assertThat(told).isEmpty();
        }
    }

    private static void aPersonWithAPassword(MiniOverlay overlay) {
        ManagementClient management = overlay.management();
        ObjectMapper json = new ObjectMapper();
        ObjectNode identity = json.createObjectNode()
                .put("name", "joe-doe")
                .put("type", "Default")
                .put("isAdmin", false);
        String id = management.create("identities", identity).path("id").asText();
        management.create(
                "authenticators",
                json.createObjectNode()
                        .put("method", "updb")
                        .put("identityId", id)
                        .put("username", "joe-doe")
                        .put("password", NEW_PASSWORD));
        ManagementClient.login(overlay.network().home().apiUrl(), authorities(overlay), "joe-doe", NEW_PASSWORD);
    }

    private static void refusedLogIn(MiniOverlay overlay, String user, String password) {
        assertThatThrownBy(() ->
                        ManagementClient.login(overlay.network().home().apiUrl(), authorities(overlay), user, password))
                .isInstanceOf(RuntimeException.class);
    }

    private static String authorities(MiniOverlay overlay) {
        try {
            return Files.readString(overlay.network().home().authorities());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
