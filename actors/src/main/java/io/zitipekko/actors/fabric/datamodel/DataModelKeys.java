package io.zitipekko.actors.fabric.datamodel;

import com.google.protobuf.ByteString;
import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Format;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Usage;
import io.zitipekko.transport.identity.Fingerprint;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The public keys that routers verify tokens and SDK certificates with (protocol/03 section 12.3). Not logged, hence synthetic. */
final class DataModelKeys {
    private DataModelKeys() {}

    /** The controller's signing certificates for both usages, every CA for client certificates. */
    static List<DataState.Event> events(ControllerSettings settings, SigningKey signingKey) {
        Map<Fingerprint, DataState.PublicKey> keys = new LinkedHashMap<>();
        put(keys, signingKey.certificate(), Usage.JWT_VALIDATION, Usage.CLIENT_X509_CERT_VALIDATION);
        settings.identity()
                .get()
                .serverChains()
                .forEach(chain -> put(keys, chain.leaf(), Usage.JWT_VALIDATION, Usage.CLIENT_X509_CERT_VALIDATION));
        settings.trust().caBundle().forEach(ca -> put(keys, ca, Usage.CLIENT_X509_CERT_VALIDATION));
        List<DataState.Event> events = new ArrayList<>();
        keys.values()
                .forEach(key -> events.add(DataState.Event.newBuilder()
                        .setAction(DataState.Action.CREATE)
                        .setIsSynthetic(true)
                        .setPublicKey(key)
                        .build()));
        return events;
    }

    private static void put(Map<Fingerprint, DataState.PublicKey> keys, X509Certificate certificate, Usage... usages) {
        Fingerprint kid = Fingerprint.of(certificate);
        DataState.PublicKey.Builder key = DataState.PublicKey.newBuilder()
                .setKid(kid.hex())
                .setFormat(Format.X509_CERT_DER)
                .setData(der(certificate))
                .addAllUsages(List.of(usages));
        keys.putIfAbsent(kid, key.build());
    }

    private static ByteString der(X509Certificate certificate) {
        try {
            return ByteString.copyFrom(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(
                    "certificate of " + certificate.getSubjectX500Principal() + " has no DER form", e);
        }
    }
}
