package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.Domains;
import io.zitipekko.actors.model.entity.PostureCheck.MacAddresses;
import io.zitipekko.actors.model.entity.PostureCheck.Mfa;
import io.zitipekko.actors.model.entity.PostureCheck.OperatingSystem;
import io.zitipekko.actors.model.entity.PostureCheck.OperatingSystems;
import io.zitipekko.actors.model.entity.PostureCheck.OsType;
import io.zitipekko.actors.model.entity.PostureCheck.ProcessMulti;
import io.zitipekko.actors.model.entity.PostureCheck.Program;
import io.zitipekko.actors.model.entity.PostureCheck.SingleProcess;
import io.zitipekko.actors.model.entity.PostureCheck.Subtype;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Words;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.management.entity.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields that one kind of posture check has and others have not. protocol/06 section 6.13. */
final class PostureSubtypes {
    private PostureSubtypes() {}

    /** The kind's fields by the rules of the verb; those of a check that is changed are of the same kind. */
    static Subtype read(Fields<PostureCheck> fields, String typeId) {
        return switch (typeId) {
            case OperatingSystems.TYPE_ID ->
                new OperatingSystems(fields.required(
                        "operatingSystems",
                        value -> list("operatingSystems", value, PostureSubtypes::operatingSystem),
                        of(OperatingSystems.class, OperatingSystems::operatingSystems)));
            case Domains.TYPE_ID ->
                new Domains(fields.required(
                        "domains", value -> Fields.texts("domains", value), of(Domains.class, Domains::domains)));
            case MacAddresses.TYPE_ID ->
                new MacAddresses(fields.required(
                        "macAddresses",
                        value -> Fields.texts("macAddresses", value),
                        of(MacAddresses.class, MacAddresses::macAddresses)));
            case Mfa.TYPE_ID ->
                new Mfa(
                        fields.integer("timeoutSeconds", of(Mfa.class, Mfa::timeoutSeconds), Mfa.NO_TIMEOUT),
                        fields.bool("promptOnWake", of(Mfa.class, Mfa::promptOnWake), false),
                        fields.bool("promptOnUnlock", of(Mfa.class, Mfa::promptOnUnlock), false),
                        fields.bool("ignoreLegacyEndpoints", of(Mfa.class, Mfa::ignoreLegacyEndpoints), false));
            case SingleProcess.TYPE_ID ->
                new SingleProcess(fields.required(
                        "process",
                        value -> singleProgram("process", value),
                        of(SingleProcess.class, SingleProcess::process)));
            case ProcessMulti.TYPE_ID ->
                new ProcessMulti(
                        fields.required(
                                "semantic",
                                value -> Fields.oneOf("semantic", value, Words.SEMANTICS),
                                of(ProcessMulti.class, ProcessMulti::semantic)),
                        fields.required(
                                "processes",
                                value -> list("processes", value, PostureSubtypes::program),
                                of(ProcessMulti.class, ProcessMulti::processes)));
            default ->
                throw ApiErrors.couldNotValidate(
                        "typeId", "should be one of [OS DOMAIN MAC MFA PROCESS PROCESS_MULTI]", typeId);
        };
    }

    private static <S extends Subtype, T> Function<PostureCheck, T> of(Class<S> kind, Function<S, T> field) {
        return check -> field.apply(kind.cast(check.subtype()));
    }

    private static OperatingSystem operatingSystem(String name, ObjectNode value) {
        return new OperatingSystem(osType(name + ".type", value.get("type")), texts(name, value, "versions"));
    }

    private static Program program(String name, ObjectNode value) {
        return program(name, value, texts(name, value, "signerFingerprints"));
    }

    private static Program singleProgram(String name, JsonNode value) {
        ObjectNode object = object(name, value);
        String signer = optionalText(name, object, "signerFingerprint");
        return program(name, object, signer.isBlank() ? List.of() : List.of(signer));
    }

    private static Program program(String name, ObjectNode value, List<String> signers) {
        String path = optionalText(name, value, "path");
        if (path.isBlank()) {
            throw ApiErrors.required(name + ".path");
        }
        return new Program(osType(name + ".osType", value.get("osType")), path, texts(name, value, "hashes"), signers);
    }

    private static OsType osType(String name, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            throw ApiErrors.required(name);
        }
        String text = Fields.text(name, value);
        return OsType.named(text)
                .orElseThrow(() -> ApiErrors.couldNotValidate(
                        name,
                        "should be one of "
                                + Arrays.stream(OsType.values())
                                        .map(OsType::wireName)
                                        .toList(),
                        text));
    }

    private static <T> List<T> list(String name, JsonNode value, BiFunction<String, ObjectNode, T> read) {
        if (!(value instanceof ArrayNode array)) {
            throw ApiErrors.couldNotParseBody("field '" + name + "' should be a list of objects");
        }
        List<T> out = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            String item = name + "[" + i + "]";
            out.add(read.apply(item, object(item, array.get(i))));
        }
        return out;
    }

    private static ObjectNode object(String name, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw ApiErrors.couldNotParseBody("field '" + name + "' should be an object");
    }

    private static List<String> texts(String name, ObjectNode of, String field) {
        JsonNode value = of.get(field);
        return value == null || value.isNull() ? List.of() : Fields.texts(name + "." + field, value);
    }

    private static String optionalText(String name, ObjectNode of, String field) {
        JsonNode value = of.get(field);
        return value == null || value.isNull() ? "" : Fields.text(name + "." + field, value);
    }

    static void describe(Subtype subtype, ObjectNode out) {
        out.put("typeId", subtype.typeId());
        if (subtype instanceof OperatingSystems systems) {
            ArrayNode all = out.putArray("operatingSystems");
            systems.operatingSystems().forEach(system -> all.addObject()
                    .put("type", system.type().wireName())
                    .set("versions", Shapes.texts(system.versions())));
        } else if (subtype instanceof Domains domains) {
            out.set("domains", Shapes.texts(domains.domains()));
        } else if (subtype instanceof MacAddresses addresses) {
            out.set("macAddresses", Shapes.texts(addresses.macAddresses()));
        } else if (subtype instanceof Mfa mfa) {
            out.put("timeoutSeconds", mfa.timeoutSeconds());
            out.put("promptOnWake", mfa.promptOnWake());
            out.put("promptOnUnlock", mfa.promptOnUnlock());
            out.put("ignoreLegacyEndpoints", mfa.ignoreLegacyEndpoints());
        } else if (subtype instanceof SingleProcess single) {
            ObjectNode process = out.putObject("process");
            describe(single.process(), process);
            single.process().signerFingerprints().forEach(signer -> process.put("signerFingerprint", signer));
        } else if (subtype instanceof ProcessMulti several) {
            out.put("semantic", Words.of(several.semantic()));
            ArrayNode processes = out.putArray("processes");
            several.processes().forEach(program -> {
                ObjectNode process = processes.addObject();
                describe(program, process);
                process.set("signerFingerprints", Shapes.texts(program.signerFingerprints()));
            });
        }
    }

    private static void describe(Program program, ObjectNode out) {
        out.put("osType", program.osType().wireName());
        out.put("path", program.path());
        out.set("hashes", Shapes.texts(program.hashes()));
    }
}
