package io.zitipekko.api.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.transport.tls.TlsPeer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;

/**
 * HTTP/1.1 over connections whose TLS is already done: bytes in, bytes out. Holds the routes of all APIs of one listener. Runs on the
 * default dispatcher, apart from the data streams' event loops; requests of one connection are answered one after the other.
 */
public final class ApiServer {
    private static final String DISPATCHER = "pekko.actor.default-dispatcher";

    private final RequestPipeline pipeline;
    private final HttpLimits limits;
    private final ServerSettings httpSettings;
    private final Http http;

    private ApiServer(ApiContext context, List<ApiRoutes> apis) {
        this.pipeline = new RequestPipeline(context, RouteTable.of(apis));
        this.limits = context.settings().limits();
        this.http = Http.get(context.system());
        this.httpSettings = ServerSettings.create(overrides(context.settings())
                .withFallback(context.system().settings().config()));
    }

    /**
     * What a {@code TlsServerProtocol} attaches to each connection.
     *
     * @param apis routes of all APIs that this listener offers
     */
    public static Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler(
            ApiContext context, List<ApiRoutes> apis) {
        return new ApiServer(context, apis)::connection;
    }

    private Flow<ByteString, ByteString, NotUsed> connection(TlsPeer peer) {
        ConnectionGuard.Exchange exchange = new ConnectionGuard.Exchange();
        Flow<HttpRequest, HttpResponse, NotUsed> answers = Flow.<HttpRequest>create()
                .map(request -> {
                    exchange.begun();
                    return request;
                })
                .mapAsync(1, request -> pipeline.answer(request, peer))
                .map(response -> {
                    exchange.ended();
                    return response;
                });
        BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> bytes =
                http.serverLayer(httpSettings).atop(plain());
        return BidiFlow.fromGraph(ConnectionGuard.of(limits, exchange))
                .atop(bytes.reversed())
                .join(answers)
                .async(DISPATCHER);
    }

    /** Pekko's end of a TLS layer that is not there. Its session bytes are inbound bytes, which Java's generics cannot see. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
        return (BidiFlow) TLSPlacebo.getInstance();
    }

    /** Limits on what precedes a body, and our own deadline in place of Pekko's, so that it is answered in our envelope. */
    private static Config overrides(ApiSettings settings) {
        Map<String, Object> server = Map.ofEntries(
                Map.entry("server-header", "ziti-controller/" + settings.version()),
                Map.entry("request-timeout", "infinite"),
                Map.entry("idle-timeout", "infinite"),
                Map.entry("pipelining-limit", 1),
                Map.entry("transparent-head-requests", "on"),
                Map.entry("default-host-header", "localhost"),
                Map.entry("parsing.max-content-length", "infinite"),
                Map.entry("parsing.max-uri-length", "16k"),
                Map.entry("parsing.max-header-value-length", "16k"),
                Map.entry("parsing.max-header-count", 64),
                Map.entry("parsing.uri-parsing-mode", "relaxed"),
                Map.entry("parsing.modeled-header-parsing", "off"),
                Map.entry("parsing.illegal-header-warnings", "off"),
                Map.entry("parsing.error-logging-verbosity", "off"));
        return ConfigFactory.parseMap(server).atPath("pekko.http.server");
    }
}
