package io.zitipekko.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Turns answers into Pekko's, with the headers that stand in all of them. protocol/05 section 1.3. */
final class ResponseRenderer {
    private static final List<HttpHeader> CORS = List.of(
            RawHeader.create("Access-Control-Allow-Origin", "*"),
            RawHeader.create("Access-Control-Allow-Credentials", "true"),
            RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
            RawHeader.create("Access-Control-Allow-Headers", "content-type, accept, authorization, zt-session"));

    private final HttpHeader instance;
    private final long bodyLimit;
    private final Map<String, ContentType> contentTypes = new ConcurrentHashMap<>();

    ResponseRenderer(ApiSettings settings) {
        this.instance = RawHeader.create("ziti-instance-id", settings.instanceId());
        this.bodyLimit = settings.limits().bodyBytes();
    }

    HttpResponse render(ApiResponse response, boolean crossOrigin) {
        List<HttpHeader> headers = new ArrayList<>();
        headers.add(instance);
        response.headers().forEach((name, value) -> headers.add(RawHeader.create(name, value)));
        if (crossOrigin) {
            headers.addAll(CORS);
        }
        ResponseEntity entity = response.contentType().isEmpty()
                ? HttpEntities.EMPTY
                : HttpEntities.create(contentType(response.contentType()), response.body());
        return HttpResponse.create()
                .withStatus(response.status())
                .addHeaders(headers)
                .withEntity(entity);
    }

    /** The 413, which also ends the connection: what the client still sends is not read. */
    HttpResponse tooLarge(boolean crossOrigin) {
        return closing(ApiResponse.json(413, Envelope.tooLarge(bodyLimit)), crossOrigin);
    }

    /** An answer after which the connection ends. */
    HttpResponse closing(ApiResponse response, boolean crossOrigin) {
        return render(response, crossOrigin).addHeader(Connection.create("close"));
    }

    private ContentType contentType(String text) {
        return text.equals(ApiResponse.JSON)
                ? ContentTypes.APPLICATION_JSON
                : contentTypes.computeIfAbsent(text, ContentTypes::parse);
    }
}
