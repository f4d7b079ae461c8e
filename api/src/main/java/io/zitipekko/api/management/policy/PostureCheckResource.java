package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.Mfa;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.entity.RoleFilter;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** What devices have to be like. {@code typeId} says in every body, a PATCH too, which fields it has. protocol/06 section 6.13. */
public final class PostureCheckResource extends EntityResource<PostureCheck> {
    private static final SymbolTable<PostureCheck> SYMBOLS = Symbols.<PostureCheck>base()
            .string("name", PostureCheck::name)
            .string("typeId", check -> check.subtype().typeId())
            .strings("roleAttributes", PostureCheck::roleAttributes)
            .bool("promptOnWake", check -> check.subtype() instanceof Mfa mfa && mfa.promptOnWake())
            .bool("promptOnUnlock", check -> check.subtype() instanceof Mfa mfa && mfa.promptOnUnlock())
            .build();

    public PostureCheckResource(ManagementContext context) {
        super(context, "posture-checks", "posture-check", PostureChecks.TYPE, SYMBOLS, List.of());
    }

    @Override
    protected Query<PostureCheck> narrowed(Query<PostureCheck> query, RequestContext request, Reading reading) {
        return RoleFilter.narrow(query, request, PostureCheck::roleAttributes);
    }

    @Override
    protected void describe(PostureCheck check, ObjectNode out, Reading reading) {
        out.put("name", check.name());
        out.set("roleAttributes", Shapes.texts(check.roleAttributes()));
        out.put("version", check.version());
        PostureSubtypes.describe(check.subtype(), out);
    }

    @Override
    protected PostureCheck read(Fields<PostureCheck> fields, String id, Instant now) {
        PostureCheck before = fields.before();
        return new PostureCheck(
                new PostureCheckId(id),
                fields.meta(now),
                fields.requiredText("name", PostureCheck::name),
                new TreeSet<>(fields.texts("roleAttributes", check -> List.copyOf(check.roleAttributes()))),
                before == null ? 1 : before.version() + 1,
                PostureSubtypes.read(fields, typeId(fields)));
    }

    private static String typeId(Fields<PostureCheck> fields) {
        if (!fields.has("typeId")) {
            throw ApiErrors.required("typeId");
        }
        String typeId = fields.requiredText("typeId", check -> check.subtype().typeId());
        PostureCheck before = fields.before();
        if (before != null && !before.subtype().typeId().equals(typeId)) {
            throw ApiErrors.couldNotValidate(
                    "typeId",
                    "the type of a posture check cannot change: it is "
                            + before.subtype().typeId(),
                    typeId);
        }
        return typeId;
    }
}
