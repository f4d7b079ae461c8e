package io.zitipekko.actors.controller;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.pki.CertificateAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a controller node is told at start.
 *
 * @param nodeId the controller's id: CN of its client certificate, and what routers key it by
 * @param identity key material, read at each use so that a reload takes effect
 * @param trustDomain of SPIFFE ids that it issues, without {@code spiffe://}
 * @param control where routers connect
 * @param edgeApi how SDKs and enrolling routers reach the HTTP API
 * @param trust what it signs with and whom it trusts
 * @param enrollment how long enrollment tokens last
 * @param apiSessionTimeout a legacy API session without activity ends after this
 * @param network tuning of the fabric
 * @param version what it tells peers
 * @param clusterId names the cluster in hello answers; empty for one that is not clustered
 */
public record ControllerSettings(
        String nodeId,
        Supplier<Identity> identity,
        String trustDomain,
        Control control,
        EdgeApi edgeApi,
        Trust trust,
        EnrollmentDurations enrollment,
        Duration apiSessionTimeout,
        NetworkTuning network,
        VersionInfo version,
        Optional<String> clusterId) {
    public static final Duration DEFAULT_API_SESSION_TIMEOUT = Duration.ofMinutes(30);

    public ControllerSettings {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(identity, "identity");
    }

    /** Settings with every default; see the {@code with} methods for the rest. */
    public static ControllerSettings of(
            String nodeId,
            Supplier<Identity> identity,
            String trustDomain,
            Control control,
            EdgeApi edgeApi,
            Trust trust,
            VersionInfo version) {
        return new ControllerSettings(
                nodeId,
                identity,
                trustDomain,
                control,
                edgeApi,
                trust,
                EnrollmentDurations.DEFAULT,
                DEFAULT_API_SESSION_TIMEOUT,
                NetworkTuning.DEFAULT,
                version,
                Optional.empty());
    }

    public ControllerSettings withEnrollment(EnrollmentDurations durations) {
        return new ControllerSettings(
                nodeId,
                identity,
                trustDomain,
                control,
                edgeApi,
                trust,
                durations,
                apiSessionTimeout,
                network,
                version,
                clusterId);
    }

    public ControllerSettings withApiSessionTimeout(Duration timeout) {
        return new ControllerSettings(
                nodeId,
                identity,
                trustDomain,
                control,
                edgeApi,
                trust,
                enrollment,
                timeout,
                network,
                version,
                clusterId);
    }

    public ControllerSettings withNetwork(NetworkTuning tuning) {
        return new ControllerSettings(
                nodeId,
                identity,
                trustDomain,
                control,
                edgeApi,
                trust,
                enrollment,
                apiSessionTimeout,
                tuning,
                version,
                clusterId);
    }

    public ControllerSettings withClusterId(String id) {
        return new ControllerSettings(
                nodeId,
                identity,
                trustDomain,
                control,
                edgeApi,
                trust,
                enrollment,
                apiSessionTimeout,
                network,
                version,
                Optional.of(id));
    }

    /**
     * @param bindHost interface to listen on
     * @param bindPort 0 for any
     * @param advertise what routers are told to connect to
     */
    public record Control(String bindHost, int bindPort, TransportAddress advertise) {}

    /**
     * @param hostAndPort {@code edge.api.address}: issuer of tokens, {@code https://<this>}
     * @param apiAddresses binding name (e.g. {@code edge-client}) to where it is served; told to routers and SDKs
     */
    public record EdgeApi(String hostAndPort, Map<String, List<ApiAddress>> apiAddresses) {
        public EdgeApi {
            apiAddresses = Map.copyOf(apiAddresses);
        }

        /** {@code https://<hostAndPort>}. */
        public String issuer() {
            return "https://" + hostAndPort;
        }
    }

    /** Where one binding of the HTTP API is served, e.g. {@code https://host:1280/edge/client/v1} and {@code v1}. */
    public record ApiAddress(String url, String version) {}

    /**
     * @param signer signs enrolled identities, routers and API-session certificates
     * @param caBundle every CA certificate that the controller trusts; leaves of routers and first-party identities chain to one of them
     */
    public record Trust(CertificateAuthority signer, List<X509Certificate> caBundle) {
        public Trust {
            caBundle = List.copyOf(caBundle);
        }
    }

    /** How long a token may be used to enroll. */
    public record EnrollmentDurations(Duration identity, Duration router) {
        public static final EnrollmentDurations DEFAULT =
                new EnrollmentDurations(Duration.ofMinutes(180), Duration.ofMinutes(180));
    }
}
