package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.Proposal;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
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
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    void aRenewalIsKnownToComeFromTheRoutersAddress() {
        List<Proposal.Author> authors = new CopyOnWriteArrayList<>();
        network.model.subscribe(commit -> authors.add(commit.changeSet().author()));
        EnrollmentCertsResponse issued = renewed();

        assertThat(verify(issued.getClientCertPem())).isEmpty();

        String address = router.peer(router.leaf).remoteAddress();
        assertThat(authors)
                .extracting(Proposal.Author::source)
                .doesNotContainNull()
                .allSatisfy(source -> assertThat(source.remoteAddress()).isEqualTo(address))
                .extracting(Proposal.Source::method)
                .containsExactly("renew certificates", "verify certificates");
    }

    @Test
    void newCertificateCountsOnlyAfterTheRouterShowedIt() {
        EnrollmentCertsResponse issued = renewed();
        assertThat(issued.getServerCertPem()).isNotBlank();
        assertThat(issued.getCaCertsPem()).isEmpty();
        String old = Fingerprint.of(router.leaf).hex();
        String renewed = Fingerprint.of(
                        Pem.certificates(issued.getClientCertPem()).get(0))
                .hex();
        assertThat(verified(old)).isTrue();
        assertThat(verified(renewed)).isFalse();

        X509Certificate newLeaf = Pem.certificates(issued.getClientCertPem()).get(0);
        assertThat(join(router.leaf)).as("the old one").isInstanceOf(HelloAnswer.Accept.class);
        assertThat(join(newLeaf)).as("not proved yet").isInstanceOf(HelloAnswer.Drop.class);

        assertThat(verify("nonsense")).isEqualTo("INVALID_CLIENT_PEM");
        assertThat(verify("")).isEqualTo("MISSING_CLIENT_PEM");
        assertThat(verify(issued.getClientCertPem())).isEmpty();

        assertThat(verified(old)).isFalse();
        assertThat(verified(renewed)).isTrue();
        assertThat(join(router.leaf)).as("the old one").isInstanceOf(HelloAnswer.Drop.class);
        assertThat(join(newLeaf))
                .as("joins the channel that was opened with the old one")
                .isInstanceOfSatisfying(
                        HelloAnswer.Accept.class, a -> assertThat(a.proven()).isEqualTo("r1"));
        assertThat(router.channel().isClosed())
                .as("a renewed router stays connected")
                .isFalse();
        assertThat(verify(issued.getClientCertPem())).isEqualTo("INVALID_ROUTER_STATE");
    }

    /** New certificates, which the router has not shown yet. */
    private EnrollmentCertsResponse renewed() {
        String csr = Csr.create(new X500Principal("CN=r1"), AlternativeNames.NONE, TestFabric.newKeys())
                .pem();
        router.tell(
                ControlContentType.ENROLLMENT_EXTEND_ROUTER_REQUEST,
                EnrollmentExtendRouterRequest.newBuilder()
                        .setClientCertCsr(csr)
                        .setServerCertCsr(csr)
                        .setRequireVerification(true)
                        .build());
        return router.expect(ControlContentType.ENROLLMENT_CERTS_RESPONSE, EnrollmentCertsResponse.parser(), r -> true);
    }

    /** What becomes of another underlay of the router's channel. */
    private HelloAnswer join(X509Certificate leaf) {
        return router.hello(
                new Hello(
                        "r1",
                        router.helloHeaders()
                                .remove(ChannelHeaders.IS_FIRST_GROUP_CONNECTION)
                                .build()),
                router.peer(leaf));
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
