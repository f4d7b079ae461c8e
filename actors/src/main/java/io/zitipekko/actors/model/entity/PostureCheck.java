package io.zitipekko.actors.model.entity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import io.zitipekko.actors.model.id.PostureCheckId;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device has to be like before a service policy that selects this check grants anything. protocol/06 section 6.13.
 *
 * @param name unique
 * @param version 1 for a new one, one more with each change
 * @param subtype what is looked at; its kind never changes
 */
public record PostureCheck(
        PostureCheckId id, Meta meta, String name, Set<String> roleAttributes, long version, Subtype subtype)
        implements Entity {
    public PostureCheck {
        roleAttributes = Immutable.attributes(roleAttributes);
    }

    /** What is looked at. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "typeId")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OperatingSystems.class, name = OperatingSystems.TYPE_ID),
        @JsonSubTypes.Type(value = Domains.class, name = Domains.TYPE_ID),
        @JsonSubTypes.Type(value = MacAddresses.class, name = MacAddresses.TYPE_ID),
        @JsonSubTypes.Type(value = Mfa.class, name = Mfa.TYPE_ID),
        @JsonSubTypes.Type(value = SingleProcess.class, name = SingleProcess.TYPE_ID),
        @JsonSubTypes.Type(value = ProcessMulti.class, name = ProcessMulti.TYPE_ID)
    })
    public sealed interface Subtype {
        /** OpenZiti's name of the kind, e.g. {@code OS}. */
        String typeId();
    }

    /**
     * The operating system is one of these.
     *
     * @param operatingSystems one per kind of system: of several, the last counts
     */
    public record OperatingSystems(List<OperatingSystem> operatingSystems) implements Subtype {
        public static final String TYPE_ID = "OS";

        public OperatingSystems {
            Map<OsType, OperatingSystem> byType = new LinkedHashMap<>();
            Immutable.list(operatingSystems).forEach(system -> byType.put(system.type(), system));
            operatingSystems = List.copyOf(byType.values());
        }

        @Override
        public String typeId() {
            return TYPE_ID;
        }
    }

    /**
     * One kind of system.
     *
     * @param versions ranges of semantic versions, one of which must hold
     */
    public record OperatingSystem(OsType type, List<String> versions) {
        public OperatingSystem {
            versions = Immutable.list(versions);
        }
    }

    /** The machine is in one of these Windows domains. */
    public record Domains(List<String> domains) implements Subtype {
        public static final String TYPE_ID = "DOMAIN";

        public Domains {
            domains = Immutable.list(domains);
        }

        @Override
        public String typeId() {
            return TYPE_ID;
        }
    }

    /**
     * A network interface has one of these addresses.
     *
     * @param macAddresses lower-case hexadecimal without separators, whatever form they are given in
     */
    public record MacAddresses(List<String> macAddresses) implements Subtype {
        public static final String TYPE_ID = "MAC";

        public MacAddresses {
            macAddresses = hexadecimal(macAddresses);
        }

        @Override
        public String typeId() {
            return TYPE_ID;
        }
    }

    /**
     * A second factor was shown.
     *
     * @param timeoutSeconds how long that holds; -1 for ever
     * @param promptOnWake whether it ends some minutes after the device woke
     * @param promptOnUnlock whether it ends some minutes after the device was unlocked
     * @param ignoreLegacyEndpoints whether clients that cannot tell of waking and unlocking are excused from both
     */
    public record Mfa(long timeoutSeconds, boolean promptOnWake, boolean promptOnUnlock, boolean ignoreLegacyEndpoints)
            implements Subtype {
        public static final String TYPE_ID = "MFA";
        /** It never ends. */
        public static final long NO_TIMEOUT = -1;

        @Override
        public String typeId() {
            return TYPE_ID;
        }
    }

    /** A process runs. */
    public record SingleProcess(Program process) implements Subtype {
        public static final String TYPE_ID = "PROCESS";

        @Override
        public String typeId() {
            return TYPE_ID;
        }
    }

    /**
     * Processes run.
     *
     * @param semantic whether all of them, or any
     */
    public record ProcessMulti(Semantic semantic, List<Program> processes) implements Subtype {
        public static final String TYPE_ID = "PROCESS_MULTI";

        public ProcessMulti {
            processes = Immutable.list(processes);
        }

        @Override
        public String typeId() {
            return TYPE_ID;
        }
    }

    /**
     * What runs.
     *
     * @param path of the executable, compared as it is
     * @param hashes of the executable, one of which must be the right one; empty for any. Lower-case hexadecimal
     * @param signerFingerprints of who signed it, likewise
     */
    public record Program(OsType osType, String path, List<String> hashes, List<String> signerFingerprints) {
        public Program {
            hashes = hexadecimal(hashes);
            signerFingerprints = hexadecimal(signerFingerprints);
        }
    }

    /** Operating systems, as OpenZiti names them. */
    public enum OsType {
        WINDOWS("Windows"),
        WINDOWS_SERVER("WindowsServer"),
        ANDROID("Android"),
        IOS("iOS"),
        LINUX("Linux"),
        MAC_OS("macOS");

        private final String wireName;

        OsType(String wireName) {
            this.wireName = wireName;
        }

        @JsonValue
        public String wireName() {
            return wireName;
        }

        public static Optional<OsType> named(String wireName) {
            return Arrays.stream(values())
                    .filter(type -> type.wireName.equals(wireName))
                    .findFirst();
        }

        @JsonCreator
        static OsType stored(String wireName) {
            return named(wireName)
                    .orElseThrow(() -> new IllegalArgumentException("operating system '" + wireName
                            + "': expected one of "
                            + Arrays.stream(values()).map(OsType::wireName).toList()));
        }
    }

    /** Without the separators that people write, in lower case; whether hexadecimal digits are left is for the kind's rules to say. */
    private static List<String> hexadecimal(@Nullable Collection<String> values) {
        return Immutable.list(values).stream()
                .map(value -> value.replaceAll("[\\s:.-]", "").toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }
}
