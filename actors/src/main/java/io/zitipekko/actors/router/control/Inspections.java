package io.zitipekko.actors.router.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.InspectRequest;
import io.zitipekko.transport.control.proto.InspectResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Answers what controllers ask about this router (messages 1013 and 1014). One entry a name; unknown names yield no value. Filled at
 * start, read-only afterwards. Values are texts of JSON and must be cheap to make: they are made on the control channel's thread.
 */
public final class Inspections {
    private static final int MAX_NAMES = 128;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Supplier<String>> values = new HashMap<>();

    /** Texts as a JSON array. */
    public static String array(Collection<String> texts) {
        return JSON.valueToTree(texts).toString();
    }

    public Inspections on(String name, Supplier<String> value) {
        values.put(name, value);
        return this;
    }

    /** Adds the entry for 1013. */
    public void connect(ControlMessages messages) {
        messages.on(ControlContentType.INSPECT_REQUEST, InspectRequest.parser(), (from, m, body) -> {
            InspectResponse.Builder answer = InspectResponse.newBuilder().setSuccess(true);
            body.getRequestedValuesList().stream().limit(MAX_NAMES).forEach(name -> {
                Supplier<String> value = values.get(name);
                if (value != null) {
                    answer.addValues(InspectResponse.InspectValue.newBuilder()
                            .setName(name)
                            .setValue(value.get()));
                }
            });
            from.channel().reply(Lane.LOW, m, ControlMessages.of(ControlContentType.INSPECT_RESPONSE, answer.build()));
        });
    }
}
