package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.VerifyRouter;
import io.zitipekko.transport.control.proto.edge.EnrollmentCertsResponse;
import io.zitipekko.transport.control.proto.edge.EnrollmentExtendRouterRequest;
import io.zitipekko.transport.control.proto.edge.EnrollmentExtendRouterVerifyRequest;
import io.zitipekko.transport.control.proto.edge.Error;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.Csr;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter router = network.connect("r1");

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void newCertificateCountsOnlyAfterTheRouterShowedIt() {
        String csr = Csr.create(new X500Principal("CN=r1"), AlternativeNames.NONE, TestFabric.newKeys())
                .pem();
        router.tell(
                ControlContentType.ENROLLMENT_EXTEND_ROUTER_REQUEST,
                EnrollmentExtendRouterRequest.newBuilder()
                        .setClientCertCsr(csr)
                        .setServerCertCsr(csr)
                        .setRequireVerification(true)
                        .build());
        EnrollmentCertsResponse issued = router.expect(
                ControlContentType.ENROLLMENT_CERTS_RESPONSE, EnrollmentCertsResponse.parser(), r -> true);
        assertThat(issued.getServerCertPem()).isNotBlank();
        assertThat(issued.getCaCertsPem()).isEmpty();
        String old = Fingerprint.of(router.leaf).hex();
        String renewed = Fingerprint.of(
                        Pem.certificates(issued.getClientCertPem()).get(0))
                .hex();
        assertThat(verified(old)).isTrue();
        assertThat(verified(renewed)).isFalse();

        assertThat(verify("nonsense")).isEqualTo("INVALID_CLIENT_PEM");
        assertThat(verify("")).isEqualTo("MISSING_CLIENT_PEM");
        assertThat(verify(issued.getClientCertPem())).isEmpty();

        assertThat(verified(old)).isFalse();
        assertThat(verified(renewed)).isTrue();
        assertThat(router.channel().isClosed())
                .as("a renewed router stays connected")
                .isFalse();
        assertThat(verify(issued.getClientCertPem())).isEqualTo("INVALID_ROUTER_STATE");
    }

    private String verify(String pem) {
        return FakeRouter.parse(
                        Error.parser(),
                        router.ask(
                                ControlContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY,
                                EnrollmentExtendRouterVerifyRequest.newBuilder()
                                        .setClientCertPem(pem)
                                        .build()))
                .getCode();
    }

    private boolean verified(String fingerprint) {
        return Results.isSuccess(router.ask(
                ControlContentType.VERIFY_ROUTER,
                VerifyRouter.newBuilder()
                        .setRouterId("r1")
                        .addFingerprints(fingerprint)
                        .build()));
    }
}
