package io.zitipekko.actors.fabric.datamodel;

import com.google.protobuf.ByteString;
import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Format;
import io.zitipekko.transport.control.proto.edge.DataState.PublicKey.Usage;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The public keys that routers verify tokens and SDK certificates with (protocol/03 section 12.3): this network's own, which are not logged,
 * hence synthetic, and those of the third parties' authorities that admit log-ins, which come and go with the model.
 */
final class DataModelKeys {
    private final List<DataState.Event> own;
    private final Set<String> ownIds;

    private DataModelKeys(Map<Fingerprint, DataState.PublicKey> own) {
        this.own = own.values().stream()
                .map(key -> event(DataState.Action.CREATE, key))
                .toList();
        this.ownIds = own.keySet().stream().map(Fingerprint::hex).collect(Collectors.toUnmodifiableSet());
    }

    /** The controller's signing certificates for both usages, every CA for client certificates. */
    static DataModelKeys of(ControllerSettings settings, SigningKey signingKey) {
        Map<Fingerprint, DataState.PublicKey> keys = new LinkedHashMap<>();
        put(keys, signingKey.certificate(), Usage.JWT_VALIDATION, Usage.CLIENT_X509_CERT_VALIDATION);
        settings.identity()
                .get()
                .serverChains()
                .forEach(chain -> put(keys, chain.leaf(), Usage.JWT_VALIDATION, Usage.CLIENT_X509_CERT_VALIDATION));
        settings.trust().caBundle().forEach(ca -> put(keys, ca, Usage.CLIENT_X509_CERT_VALIDATION));
        return new DataModelKeys(keys);
    }

    /** All of them in a state. */
    List<DataState.Event> events(ModelView view) {
        List<DataState.Event> events = new ArrayList<>(own);
        view.all(Cas.TYPE).stream()
                .filter(Ca::admitsLogIn)
                .flatMap(ca -> event(DataState.Action.CREATE, ca).stream())
                .forEach(events::add);
        return events;
    }

    /** That an authority's key came or went; empty for one that is the network's own besides, whose key stays. */
    Optional<DataState.Event> event(DataState.Action action, Ca ca) {
        if (ownIds.contains(ca.fingerprint().hex())) {
            return Optional.empty();
        }
        Map<Fingerprint, DataState.PublicKey> key = new LinkedHashMap<>();
        put(key, Pem.certificates(ca.certPem()).get(0), Usage.CLIENT_X509_CERT_VALIDATION);
        return key.values().stream().map(only -> event(action, only)).findFirst();
    }

    private static DataState.Event event(DataState.Action action, DataState.PublicKey key) {
        return DataState.Event.newBuilder()
                .setAction(action)
                .setIsSynthetic(true)
                .setPublicKey(key)
                .build();
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
