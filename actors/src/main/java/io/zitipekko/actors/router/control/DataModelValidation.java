package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.datamodel.StreamedDataModel;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.RouterDataModelDiff;
import io.zitipekko.transport.control.proto.edge.RouterDataModelValidateRequest;
import io.zitipekko.transport.control.proto.edge.RouterDataModelValidateResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Compares this router's data model with the one that a controller sends, and replaces it when asked to (messages 20503 and 20504,
 * protocol/03 section 12.5). Runs off the channel's thread, as the state may be large.
 */
public final class DataModelValidation {
    private final StreamedDataModel model;
    private final Executor executor;

    public DataModelValidation(StreamedDataModel model, Executor executor) {
        this.model = model;
        this.executor = executor;
    }

    /** Adds the entry for 20503. */
    public void connect(ControlMessages messages) {
        messages.on(
                ControlContentType.VALIDATE_DATA_STATE_REQUEST,
                RouterDataModelValidateRequest.parser(),
                (from, m, body) -> executor.execute(() -> {
                    RouterDataModelValidateResponse answer = compare(body.getState());
                    if (body.getFix() && answer.getDiffsCount() > 0) {
                        model.replace(body.getState());
                    }
                    from.channel()
                            .reply(
                                    Lane.LOW,
                                    m,
                                    ControlMessages.of(ControlContentType.VALIDATE_DATA_STATE_RESPONSE, answer));
                }));
    }

    private RouterDataModelValidateResponse compare(DataState theirs) {
        StreamedDataModel other = new StreamedDataModel();
        other.replace(theirs);
        Map<String, DataState.Event> ours = byName(model.snapshot().getEventsList());
        Map<String, DataState.Event> wanted = byName(other.snapshot().getEventsList());
        RouterDataModelValidateResponse.Builder out = RouterDataModelValidateResponse.newBuilder();
        model.counts().forEach(out::putOrigEntityCounts);
        other.counts().forEach(out::putCopyEntityCounts);
        wanted.forEach((name, event) -> {
            DataState.Event own = ours.remove(name);
            if (own == null) {
                out.addDiffs(diff(name, "added"));
            } else if (!own.equals(event)) {
                out.addDiffs(diff(name, "modified"));
            }
        });
        ours.keySet().forEach(name -> out.addDiffs(diff(name, "removed")));
        return out.build();
    }

    private static RouterDataModelDiff diff(String name, String type) {
        String[] parts = name.split("\n", 2);
        return RouterDataModelDiff.newBuilder()
                .setEntityType(parts[0])
                .setEntityId(parts[1])
                .setDiffType(type)
                .setDetail(type)
                .build();
    }

    private static Map<String, DataState.Event> byName(List<DataState.Event> events) {
        Map<String, DataState.Event> out = new TreeMap<>();
        for (DataState.Event e : events) {
            String name =
                    switch (e.getModelCase()) {
                        case IDENTITY -> "identity\n" + e.getIdentity().getId();
                        case SERVICE -> "service\n" + e.getService().getId();
                        case ROUTER -> "router\n" + e.getRouter().getId();
                        case CONFIG -> "config\n" + e.getConfig().getId();
                        case CONFIG_TYPE -> "configType\n" + e.getConfigType().getId();
                        case SERVICE_POLICY ->
                            "service-policy\n" + e.getServicePolicy().getId();
                        case SERVICE_POLICY_CHANGE ->
                            "service-policy\n"
                                    + e.getServicePolicyChange().getPolicyId() + " "
                                    + e.getServicePolicyChange().getRelatedEntityType();
                        case POSTURE_CHECK ->
                            "posture-check\n" + e.getPostureCheck().getId();
                        case PUBLIC_KEY -> "public-keys\n" + e.getPublicKey().getKid();
                        case REVOCATION ->
                            "revocations\n" + e.getRevocation().getType() + " "
                                    + e.getRevocation().getId();
                        case MODEL_NOT_SET -> "";
                    };
            if (!name.isEmpty()) {
                out.put(name, sorted(e));
            }
        }
        return out;
    }

    /** Relations are sets: their order is no difference. */
    private static DataState.Event sorted(DataState.Event e) {
        if (!e.hasServicePolicyChange()) {
            return e;
        }
        List<String> ids = e.getServicePolicyChange().getRelatedEntityIdsList().stream()
                .sorted()
                .toList();
        return e.toBuilder()
                .setServicePolicyChange(e.getServicePolicyChange().toBuilder()
                        .clearRelatedEntityIds()
                        .addAllRelatedEntityIds(ids))
                .build();
    }
}
