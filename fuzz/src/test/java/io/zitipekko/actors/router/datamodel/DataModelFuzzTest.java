package io.zitipekko.actors.router.datamodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.Pki;
import io.zitipekko.transport.control.proto.edge.DataState;
import java.security.cert.CertificateEncodingException;
import java.util.HashSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Snapshots and change sets of the data model, in any order: applied or refused whole, and a snapshot of it is the same model. */
class DataModelFuzzTest {
    static Stream<byte[]> states() throws CertificateEncodingException {
        DataState.Event identity = DataState.Event.newBuilder()
                .setIdentity(DataState.Identity.newBuilder().setId("i1").setName("alice"))
                .build();
        DataState.Event service = DataState.Event.newBuilder()
                .setService(DataState.Service.newBuilder().setId("s1").setName("web"))
                .build();
        DataState.Event policy = DataState.Event.newBuilder()
                .setServicePolicy(
                        DataState.ServicePolicy.newBuilder().setId("p1").setName("dial"))
                .build();
        DataState.Event member = DataState.Event.newBuilder()
                .setServicePolicyChange(DataState.ServicePolicyChange.newBuilder()
                        .setPolicyId("p1")
                        .setAdd(true)
                        .addRelatedEntityIds("s1")
                        .setRelatedEntityType(DataState.ServicePolicyRelatedEntityType.RELATED_SERVICE))
                .build();
        DataState.Event key = DataState.Event.newBuilder()
                .setPublicKey(DataState.PublicKey.newBuilder()
                        .setKid("k1")
                        .setData(ByteString.copyFrom(Pki.LEAF.getEncoded()))
                        .setFormat(DataState.PublicKey.Format.X509_CERT_DER)
                        .addUsages(DataState.PublicKey.Usage.CLIENT_X509_CERT_VALIDATION)
                        .addUsages(DataState.PublicKey.Usage.JWT_VALIDATION))
                .build();
        return Stream.of(
                DataState.newBuilder()
                        .addEvents(identity)
                        .addEvents(service)
                        .addEvents(policy)
                        .addEvents(member)
                        .addEvents(key)
                        .setEndIndex(5)
                        .setTimelineId("line")
                        .build()
                        .toByteArray(),
                DataState.ChangeSet.newBuilder()
                        .setIndex(6)
                        .addChanges(member)
                        .addChanges(identity.toBuilder().setAction(DataState.Action.DELETE))
                        .build()
                        .toByteArray());
    }

    @MethodSource("states")
    @FuzzTest
    void aModelIsAppliedWholeOrNotAtAll(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            StreamedDataModel model = new StreamedDataModel();
            try {
                DataState state = DataState.parseFrom(bytes);
                model.replace(state);
                StreamedDataModel copy = new StreamedDataModel();
                copy.replace(model.snapshot());
                assertThat(new HashSet<>(copy.snapshot().getEventsList()))
                        .isEqualTo(new HashSet<>(model.snapshot().getEventsList()));
                ask(model);
            } catch (InvalidProtocolBufferException notASnapshot) {
                // It may be a change set.
            }
            try {
                StreamedDataModel.Position before = model.position();
                StreamedDataModel.Applied applied = model.apply(DataState.ChangeSet.parseFrom(bytes));
                if (applied != StreamedDataModel.Applied.YES) {
                    assertThat(model.position()).isEqualTo(before);
                }
                ask(model);
            } catch (InvalidProtocolBufferException notAChangeSet) {
                assertThat(notAChangeSet.getMessage()).isNotBlank();
            }
        });
    }

    private static void ask(StreamedDataModel model) {
        model.access(new IdentityId("i1"), new ServiceId("s1"), PolicyType.DIAL);
        model.serviceByName("web");
        model.jwtKey("k1");
        model.clientAnchors();
        model.identityRevokedBefore(new IdentityId("i1"));
        model.isApiSessionRevoked("as1");
        model.counts();
    }
}
