package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.Domains;
import io.zitipekko.actors.model.entity.PostureCheck.MacAddresses;
import io.zitipekko.actors.model.entity.PostureCheck.Mfa;
import io.zitipekko.actors.model.entity.PostureCheck.OperatingSystem;
import io.zitipekko.actors.model.entity.PostureCheck.OperatingSystems;
import io.zitipekko.actors.model.entity.PostureCheck.ProcessMulti;
import io.zitipekko.actors.model.entity.PostureCheck.Program;
import io.zitipekko.actors.model.entity.PostureCheck.SingleProcess;
import io.zitipekko.actors.model.id.PostureCheckId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Posture checks. protocol/06 section 6.13. */
public final class PostureChecks {
    public static final Key<PostureCheck> BY_NAME = new Key<>("name", check -> FieldRules.optional(check.name()));
    public static final Key<PostureCheck> BY_ROLE_ATTRIBUTE =
            new Key<>("roleAttributes", check -> List.copyOf(check.roleAttributes()));

    public static final EntityType<PostureCheck> TYPE = EntityType.named(
                    "posture-checks", PostureCheck.class, PostureCheckId::new)
            .unique(BY_NAME)
            .key(BY_ROLE_ATTRIBUTE)
            .rules(PostureChecks::check)
            .build();

    /** Entries of any one list. */
    private static final int MAX_ENTRIES = 1000;

    private static final int MAX_TEXT = 4096;
    private static final Pattern HEXADECIMAL = Pattern.compile("(?:[0-9a-f]{2}){1,128}");
    private static final Pattern MAC = Pattern.compile("(?:[0-9a-f]{2}){6,20}");

    private PostureChecks() {}

    private static void check(PostureCheck check, @Nullable PostureCheck before, Entities entities) {
        FieldRules.name(check.name());
        FieldRules.attributes("roleAttributes", check.roleAttributes());
        if (check.subtype() == null) {
            throw FieldRules.invalid("typeId", null, "expected a kind of posture check");
        }
        if (before != null && !before.subtype().typeId().equals(check.subtype().typeId())) {
            throw FieldRules.invalid(
                    "typeId",
                    check.subtype().typeId(),
                    "the type of a posture check cannot change (it is "
                            + before.subtype().typeId() + ")");
        }
        checkSubtype(check.subtype());
    }

    private static void checkSubtype(PostureCheck.Subtype subtype) {
        if (subtype instanceof OperatingSystems systems) {
            size("operatingSystems", systems.operatingSystems());
            for (int i = 0; i < systems.operatingSystems().size(); i++) {
                checkVersions(
                        "operatingSystems[" + i + "]",
                        systems.operatingSystems().get(i));
            }
        } else if (subtype instanceof Domains domains) {
            texts("domains", domains.domains());
        } else if (subtype instanceof MacAddresses addresses) {
            size("macAddresses", addresses.macAddresses());
            matching("macAddresses", addresses.macAddresses(), MAC, "expected a hardware address of 6 to 20 bytes");
        } else if (subtype instanceof Mfa mfa) {
            if (mfa.timeoutSeconds() < Mfa.NO_TIMEOUT) {
                throw FieldRules.invalid(
                        "timeoutSeconds", mfa.timeoutSeconds(), "expected 0 or more, or -1 for no timeout");
            }
        } else if (subtype instanceof SingleProcess single) {
            checkProgram("process", single.process());
            if (single.process().signerFingerprints().size() > 1) {
                throw FieldRules.invalid(
                        "process.signerFingerprint", single.process().signerFingerprints(), "expected at most one");
            }
        } else if (subtype instanceof ProcessMulti several) {
            if (several.semantic() == null) {
                throw FieldRules.invalid("semantic", null, "expected AllOf or AnyOf");
            }
            size("processes", several.processes());
            for (int i = 0; i < several.processes().size(); i++) {
                checkProgram("processes[" + i + "]", several.processes().get(i));
            }
        }
    }

    private static void checkVersions(String field, OperatingSystem system) {
        if (system.type() == null) {
            throw FieldRules.invalid(field + ".type", null, "expected an operating system");
        }
        if (system.versions().size() > MAX_ENTRIES) {
            throw tooMany(field + ".versions", system.versions());
        }
        for (String range : system.versions()) {
            if (!VersionRanges.isRange(range)) {
                throw FieldRules.invalid(
                        field + ".versions", range, "expected a range of semantic versions, e.g. '>=1.2.0 <2.0.0'");
            }
        }
    }

    private static void checkProgram(String field, Program program) {
        if (program.osType() == null) {
            throw FieldRules.invalid(field + ".osType", null, "expected an operating system");
        }
        if (program.path() == null || program.path().isBlank() || program.path().length() > MAX_TEXT) {
            throw FieldRules.invalid(
                    field + ".path", program.path(), "expected 1 to " + MAX_TEXT + " characters, not blank");
        }
        String digits = "expected hexadecimal digits in pairs";
        matching(field + ".hashes", program.hashes(), HEXADECIMAL, digits);
        matching(field + ".signerFingerprints", program.signerFingerprints(), HEXADECIMAL, digits);
    }

    private static void texts(String field, List<String> texts) {
        size(field, texts);
        for (String text : texts) {
            if (text.isBlank() || text.length() > MAX_TEXT) {
                throw FieldRules.invalid(field, text, "expected 1 to " + MAX_TEXT + " characters, not blank");
            }
        }
    }

    private static void matching(String field, List<String> texts, Pattern pattern, String expected) {
        if (texts.size() > MAX_ENTRIES) {
            throw tooMany(field, texts);
        }
        for (String text : texts) {
            if (!pattern.matcher(text).matches()) {
                throw FieldRules.invalid(field, text, expected);
            }
        }
    }

    /** A list of nothing would be a check that nobody can pass. */
    private static void size(String field, List<?> entries) {
        if (entries.isEmpty()) {
            throw FieldRules.invalid(field, "", "expected at least one entry");
        }
        if (entries.size() > MAX_ENTRIES) {
            throw tooMany(field, entries);
        }
    }

    private static RuntimeException tooMany(String field, List<?> entries) {
        return FieldRules.invalid(field, entries.size() + " entries", "expected at most " + MAX_ENTRIES);
    }
}
