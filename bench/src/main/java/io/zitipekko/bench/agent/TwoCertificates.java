package io.zitipekko.bench.agent;

import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.ZitiOptions;
import io.zitipekko.sdk.auth.ApiSession;
import io.zitipekko.sdk.auth.ControllerClient;
import io.zitipekko.sdk.auth.Credentials;
import io.zitipekko.sdk.auth.ServiceCatalog;
import io.zitipekko.sdk.auth.SessionKeeper;
import io.zitipekko.sdk.dial.Dialer;
import io.zitipekko.sdk.edge.EdgeChannels;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.tls.SslContexts;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;

/** An identity that logs in with one certificate and shows routers another one of its own. */
final class TwoCertificates {
    private final SessionKeeper keeper;
    private final EdgeChannels channels;
    private final Dialer dialer;

    /**
     * @param atController whose certificate logs in
     * @param atRouters whose certificate opens connections to routers
     */
    TwoCertificates(ActorSystem system, ZitiIdentityFile atController, ZitiIdentityFile atRouters) {
        Identity logsIn = Identity.load(atController.identityConfig().orElseThrow());
        Identity connects = Identity.load(atRouters.identityConfig().orElseThrow());
        ZitiOptions options = ZitiOptions.DEFAULTS;
        ControllerClient client =
                new ControllerClient(atController.controllers(), SslContexts.client(logsIn), options.httpTimeout());
        channels = new EdgeChannels(system, options);
        keeper = new SessionKeeper(
                system,
                client,
                new Credentials.Certificate(connects),
                atController.configTypes(),
                logsIn.anchors(),
                options,
                channels::retireOthersThan);
        dialer = new Dialer(keeper, new ServiceCatalog(client, keeper), channels);
    }

    /** The API session, opened when it is first asked for. */
    CompletionStage<ApiSession> apiSession() {
        return keeper.session();
    }

    Dialer dialer() {
        return dialer;
    }

    CompletionStage<Void> close() {
        return channels.close().thenCompose(closed -> keeper.close());
    }
}
