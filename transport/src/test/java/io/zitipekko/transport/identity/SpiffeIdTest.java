package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @Test
    void readsTheFormsOfTheBook() {
        assertThat(SpiffeId.parse("spiffe://quickstart")).isEqualTo(new SpiffeId("quickstart", ""));
        assertThat(SpiffeId.parse("spiffe://d/controller/c1")).isEqualTo(SpiffeId.controller("d", "c1"));
        assertThat(SpiffeId.parse("SPIFFE://d/identity/i1")).isEqualTo(SpiffeId.identity("d", "i1"));
        assertThat(SpiffeId.parse("spiffe://da39a3ee5e6b4b0d3255bfef95601890afd80709/identity/x")
                        .trustDomain())
                .hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://d/identity/x",
                "spiffe:///identity/x",
                "spiffe:d/identity",
                "spiffe://d/identity/a%2Fb",
                "spiffe://u@d/identity/x",
                "spiffe://d:1/identity/x",
                "spiffe://d/identity/x?y",
                "spiffe://d/identity/x#y",
                "spiffe://d/ident ity"
            })
    void refusesWhatCouldSmuggleInAnotherPath(String uri) {
        assertThatThrownBy(() -> SpiffeId.parse(uri)).isInstanceOf(IllegalArgumentException.class);
    }
}
