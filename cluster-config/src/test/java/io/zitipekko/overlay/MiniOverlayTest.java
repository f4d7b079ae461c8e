package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.sdk.ZitiContext;
import org.junit.jupiter.api.Test;

/** The rig itself: a network that carries data, and refuses who may not. */
final class MiniOverlayTest {
    @Test
    void aClientReachesTheHostThroughTwoRoutersAndAStrangerDoesNot() {
        try (MiniOverlay overlay = MiniOverlay.start()) {
            overlay.hostEcho();
            ZitiContext client = overlay.connect(overlay.client("client"));
            ZitiContext stranger = overlay.connect(overlay.network().enrollIdentity("stranger"));

            try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
                circuit.assertEchoes("hello");

                assertThat(circuit.connection().encrypted()).isTrue();
            }
            assertThat(overlay.refusal(stranger, MiniOverlay.ECHO)).hasMessageContaining(MiniOverlay.ECHO);
        }
    }
}
