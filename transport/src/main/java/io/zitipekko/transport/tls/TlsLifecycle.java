package io.zitipekko.transport.tls;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * What a {@link TlsStage} materializes to.
 *
 * @param handshake completes when data may flow, or fails with a {@link TlsException} that says why it never will
 * @param terminated completes when the stage has stopped, however it ended
 */
public record TlsLifecycle(CompletionStage<TlsHandshake> handshake, CompletionStage<Done> terminated) {}
