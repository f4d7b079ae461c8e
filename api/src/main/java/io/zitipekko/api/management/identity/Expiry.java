package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.management.entity.Fields;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** The {@code expiresAt} of a body: required, in the future. */
final class Expiry {
    private Expiry() {}

    static Instant of(ObjectNode body, Instant now) {
        JsonNode value = body.get("expiresAt");
        if (value == null || value.isNull()) {
            throw ApiErrors.required("expiresAt");
        }
        String text = Fields.text("expiresAt", value);
        Instant end;
        try {
            end = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw ApiErrors.couldNotValidate("expiresAt", "expiresAt in body must be of type date-time", text);
        }
        if (!end.isAfter(now)) {
            throw ApiErrors.couldNotValidate("expiresAt", "must be in the future", text);
        }
        return end;
    }
}
