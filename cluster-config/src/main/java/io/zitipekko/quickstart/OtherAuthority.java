package io.zitipekko.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * A third party's certificate authority that a {@link LocalNetwork} was told to believe, and identities that prove themselves with its
 * certificates. Blocks; not thread-safe.
 */
public final class OtherAuthority {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final LocalNetwork network;
    private final CertificateAuthority authority;
    private final String id;

    private OtherAuthority(LocalNetwork network, CertificateAuthority authority, String id) {
        this.network = network;
        this.authority = authority;
        this.id = id;
    }

    /** A new one that admits log-ins and both kinds of enrolment, its key shown. */
    public static OtherAuthority register(LocalNetwork network, String name) {
        CertificateAuthority authority = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName(name), KeyPairs.p256(), "third.party", VALIDITY);
        return register(network, name, authority);
    }

    /** The same, of an authority that exists. */
    public static OtherAuthority register(LocalNetwork network, String name, CertificateAuthority authority) {
        ObjectNode body = JSON.createObjectNode()
                .put("name", name)
                .put("certPem", Pem.write(authority.certificate()))
                .put("isAuthEnabled", true)
                .put("isOttCaEnrollmentEnabled", true)
                .put("isAutoCaEnrollmentEnabled", true);
        body.putArray("identityRoles");
        String id = network.management().create("cas", body).path("id").asText();
        OtherAuthority registered = new OtherAuthority(network, authority, id);
        String token =
                network.management().get("cas/" + id).path("verificationToken").asText();
        network.management().verifyAuthority(id, Pem.write(registered.issue(token, KeyPairs.p256())));
        return registered;
    }

    /** Its id in the network. */
    public String id() {
        return id;
    }

    /** What signs. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** From now on its certificates say there, e.g. in {@code COMMON_NAME}, which external id they are for. */
    public void claim(String location) {
        ObjectNode claim = JSON.createObjectNode()
                .put("location", location)
                .put("matcher", "ALL")
                .put("matcherCriteria", "")
                .put("parser", "NONE")
                .put("parserCriteria", "")
                .put("index", 0);
        network.management().patch("cas", id, JSON.createObjectNode().set("externalIdClaim", claim));
    }

    /** An identity whose external id is its name. It has no authenticator, but a certificate of this authority with that common name. */
    public ZitiIdentityFile identityByExternalId(String name, String... attributes) {
        create(body(name, attributes).put("externalId", name));
        return stranger(name);
    }

    /** An identity of the network whose certificate is of this authority. It is entered by hand: nobody enrols. */
    public ZitiIdentityFile identity(String name, String... attributes) {
        String identityId = create(body(name, attributes));
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf = issue(name, keys);
        network.management()
                .create(
                        "authenticators",
                        JSON.createObjectNode()
                                .put("method", "cert")
                                .put("identityId", identityId)
                                .put("certPem", Pem.write(leaf)));
        return file(name, leaf, keys);
    }

    private static ObjectNode body(String name, String... attributes) {
        ObjectNode identity =
                JSON.createObjectNode().put("name", name).put("type", "Default").put("isAdmin", false);
        for (String attribute : attributes) {
            identity.withArray("roleAttributes").add(attribute);
        }
        return identity;
    }

    private String create(ObjectNode identity) {
        return network.management().create("identities", identity).path("id").asText();
    }

    /** A certificate of this authority that no identity has yet, with its key, as an identity file. */
    public ZitiIdentityFile stranger(String name) {
        KeyPair keys = KeyPairs.p256();
        return file(name, issue(name, keys), keys);
    }

    private ZitiIdentityFile file(String name, X509Certificate leaf, KeyPair keys) {
        return network.keepIdentity(name, authority.presented(leaf), keys.getPrivate());
    }

    private X509Certificate issue(String commonName, KeyPair keys) {
        return authority.issueClient(
                CertificateSubject.of(commonName, keys.getPublic(), AlternativeNames.NONE), VALIDITY);
    }
}
