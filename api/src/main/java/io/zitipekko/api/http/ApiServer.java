package io.zitipekko.api.http;

import io.zitipekko.transport.tls.TlsPeer;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * HTTP/1.1 over connections whose TLS is already done: bytes in, bytes out. Holds the routes of all APIs of one listener. Runs on the
 * default dispatcher, apart from the data streams' event loops.
 */
public final class ApiServer {
    private ApiServer() {}

    /**
     * What a {@code TlsServerProtocol} attaches to each connection.
     *
     * @param apis routes of all APIs that this listener offers
     */
    public static Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler(
            ApiContext context, List<ApiRoutes> apis) {
        throw new UnsupportedOperationException("not yet");
    }
}
