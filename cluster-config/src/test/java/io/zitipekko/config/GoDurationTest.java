package io.zitipekko.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "5000ms, PT5S",
        "180m, PT3H",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        ".5h, PT30M",
        "250us, PT0.00025S",
        "7ns, PT0.000000007S",
        "-2s, PT-2S",
        "+2s, PT2S",
        "0, PT0S",
        "0s, PT0S"
    })
    void readsWhatNodeFilesWrite(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "30 s", "5d", "1h30", "1m-2s", "99999999999h", "1e3s", "ten seconds"})
    void refusesEverythingElseAndNamesIt(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void theLongestDurationThatFitsIsNotRefused() {
        assertThat(GoDuration.parse("2562047h")).isEqualTo(Duration.ofHours(2_562_047));
    }
}
