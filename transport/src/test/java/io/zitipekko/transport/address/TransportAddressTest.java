package io.zitipekko.transport.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportAddressTest {
    @ParameterizedTest
    @CsvSource({
        "tls:localhost:6262, tls, localhost, 6262",
        "tls://ctrl.example:1280, tls, ctrl.example, 1280",
        "TLS:Host:0, tls, Host, 0",
        "tls:[::1]:6262, tls, ::1, 6262",
        "tls://[fe80::1]:65535, tls, fe80::1, 65535",
        "dtls:10.0.0.1:1, dtls, 10.0.0.1, 1"
    })
    void readsBothForms(String text, String type, String host, int port) {
        assertThat(TransportAddress.parse(text)).isEqualTo(new TransportAddress(type, host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tls",
                "tls:",
                "tls:host",
                "tls:host:",
                "tls:host:x",
                "tls:host:65536",
                "tls:host:-1",
                ":h:1",
                "tls::1",
                "tls:::1:6262",
                "tls:://host:1",
                "tls:////host:1",
                "tls:a b:1",
                "tls:a]:1",
                "tls:user@host:1",
                "tls:host/path:1"
            })
    void refusesAnythingElseAndNamesIt(String text) {
        assertThatThrownBy(() -> TransportAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void printsTheShortFormAndTheUrl() {
        TransportAddress address = TransportAddress.tls("::1", 6262);

        assertThat(address).hasToString("tls:[::1]:6262");
        assertThat(address.toUrl()).isEqualTo("tls://[::1]:6262");
        assertThat(TransportAddress.parse(address.toUrl())).isEqualTo(address);
    }
}
