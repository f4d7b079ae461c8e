package io.zitipekko.actors.fabric.datamodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.Action;
import io.zitipekko.transport.control.proto.edge.DataState.ServicePolicyRelatedEntityType;
import io.zitipekko.transport.control.proto.edge.TerminatorPrecedence;
import java.time.Instant;
import java.util.Collection;

/** Entities of the model in the form in which routers get them (protocol/03 sections 4.3 and 12.3). */
final class DataModelEvents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DataModelEvents() {}

    static DataState.Event configType(Action action, ConfigType type) {
        return event(action)
                .setConfigType(DataState.ConfigType.newBuilder()
                        .setId(type.id().value())
                        .setName(type.name())
                        .setTarget(type.target()))
                .build();
    }

    static DataState.Event config(Action action, Config config) {
        return event(action)
                .setConfig(DataState.Config.newBuilder()
                        .setId(config.id().value())
                        .setTypeId(config.configTypeId().value())
                        .setName(config.name())
                        .setDataJson(config.data().toString()))
                .build();
    }

    static DataState.Event identity(Action action, Identity identity, Instant now) {
        DataState.Identity.Builder wire = DataState.Identity.newBuilder()
                .setId(identity.id().value())
                .setName(identity.name())
                .setDefaultHostingPrecedence(precedence(identity.defaultHostingPrecedence()))
                .setDefaultHostingCost(identity.defaultHostingCost())
                .putAllServiceHostingCosts(identity.serviceHostingCosts())
                .setAppDataJson(json(identity.appData()))
                .setDisabled(identity.disabled(now));
        identity.serviceHostingPrecedences().forEach((s, p) -> wire.putServiceHostingPrecedences(s, precedence(p)));
        identity.serviceConfigs()
                .forEach((service, configs) -> wire.putServiceConfigs(
                        service,
                        DataState.ServiceConfigs.newBuilder()
                                .putAllConfigs(configs)
                                .build()));
        return event(action).setIdentity(wire).build();
    }

    static DataState.Event service(Action action, Service service) {
        return event(action)
                .setService(DataState.Service.newBuilder()
                        .setId(service.id().value())
                        .setName(service.name())
                        .setEncryptionRequired(service.encryptionRequired())
                        .addAllConfigs(
                                service.configs().stream().map(EntityId::value).toList()))
                .build();
    }

    static DataState.Event router(Action action, EdgeRouter router) {
        return event(action)
                .setRouter(DataState.Router.newBuilder()
                        .setId(router.id().value())
                        .setName(router.name())
                        .setFingerprint(
                                router.fingerprint() == null
                                        ? ""
                                        : router.fingerprint().hex())
                        .setDisabled(router.disabled())
                        .addAllConfigs(
                                router.configs().stream().map(EntityId::value).toList()))
                .build();
    }

    static DataState.Event servicePolicy(Action action, ServicePolicy policy) {
        return event(action)
                .setServicePolicy(DataState.ServicePolicy.newBuilder()
                        .setId(policy.id().value())
                        .setName(policy.name())
                        .setPolicyType(
                                switch (policy.type()) {
                                    case DIAL -> DataState.PolicyType.DIAL_POLICY;
                                    case BIND -> DataState.PolicyType.BIND_POLICY;
                                }))
                .build();
    }

    static DataState.Event postureCheck(Action action, PostureCheck check) {
        DataState.PostureCheck.Builder wire = DataState.PostureCheck.newBuilder()
                .setId(check.id().value())
                .setName(check.name())
                .setTypeId(check.subtype().typeId());
        if (check.subtype() instanceof PostureCheck.OperatingSystems systems) {
            DataState.PostureCheck.OsList.Builder list = DataState.PostureCheck.OsList.newBuilder();
            systems.operatingSystems()
                    .forEach(system -> list.addOsList(DataState.PostureCheck.Os.newBuilder()
                            .setOsType(system.type().wireName())
                            .addAllOsVersions(system.versions())));
            wire.setOsList(list);
        } else if (check.subtype() instanceof PostureCheck.Domains domains) {
            wire.setDomains(DataState.PostureCheck.Domains.newBuilder().addAllDomains(domains.domains()));
        } else if (check.subtype() instanceof PostureCheck.MacAddresses addresses) {
            wire.setMac(DataState.PostureCheck.Mac.newBuilder().addAllMacAddresses(addresses.macAddresses()));
        } else if (check.subtype() instanceof PostureCheck.Mfa mfa) {
            wire.setMfa(DataState.PostureCheck.Mfa.newBuilder()
                    .setTimeoutSeconds(mfa.timeoutSeconds())
                    .setPromptOnWake(mfa.promptOnWake())
                    .setPromptOnUnlock(mfa.promptOnUnlock())
                    .setIgnoreLegacyEndpoints(mfa.ignoreLegacyEndpoints()));
        } else if (check.subtype() instanceof PostureCheck.SingleProcess single) {
            wire.setProcess(program(single.process()));
        } else if (check.subtype() instanceof PostureCheck.ProcessMulti several) {
            DataState.PostureCheck.ProcessMulti.Builder multi = DataState.PostureCheck.ProcessMulti.newBuilder()
                    .setSemantic(several.semantic() == Semantic.ALL_OF ? "AllOf" : "AnyOf");
            several.processes().forEach(process -> multi.addProcesses(program(process)));
            wire.setProcessMulti(multi);
        }
        return event(action).setPostureCheck(wire).build();
    }

    private static DataState.PostureCheck.Process program(PostureCheck.Program program) {
        return DataState.PostureCheck.Process.newBuilder()
                .setOsType(program.osType().wireName())
                .setPath(program.path())
                .addAllHashes(program.hashes())
                .addAllFingerprints(program.signerFingerprints())
                .build();
    }

    /** @param add false takes the relations away */
    static DataState.Event relation(
            ServicePolicyId policy,
            ServicePolicyRelatedEntityType type,
            Collection<? extends EntityId> related,
            boolean add) {
        return event(Action.UPDATE)
                .setServicePolicyChange(DataState.ServicePolicyChange.newBuilder()
                        .setPolicyId(policy.value())
                        .setRelatedEntityType(type)
                        .addAllRelatedEntityIds(
                                related.stream().map(EntityId::value).toList())
                        .setAdd(add))
                .build();
    }

    private static DataState.Event.Builder event(Action action) {
        return DataState.Event.newBuilder().setAction(action);
    }

    private static TerminatorPrecedence precedence(Precedence precedence) {
        return switch (precedence) {
            case DEFAULT -> TerminatorPrecedence.TERMINATOR_PRECEDENCE_DEFAULT;
            case REQUIRED -> TerminatorPrecedence.TERMINATOR_PRECEDENCE_REQUIRED;
            case FAILED -> TerminatorPrecedence.TERMINATOR_PRECEDENCE_FAILED;
        };
    }

    private static ByteString json(Object value) {
        try {
            return ByteString.copyFrom(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("application data cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
