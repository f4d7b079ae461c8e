/**
 * Embeds a zero-trust network in an application: services are dialed and hosted by name, through edge routers, encrypted from end to
 * end, without a listening port.
 *
 * <pre>{@code
 * // Once: a token from the administrator becomes an identity file.
 * Enrollment.withOneTimeToken(Files.readString(Path.of("client.jwt"))).write(Path.of("client.json"));
 *
 * ActorSystem<?> system = ...;
 * ZitiContext ziti = ZitiContext.connect(system, ZitiIdentityFile.read(Path.of("client.json")))
 *         .toCompletableFuture().join();
 *
 * // Dial, as with Pekko's Tcp: bytes in, bytes out; completing the input is the half-close.
 * CompletionStage<ByteString> answer = Source.single(ByteString.fromString("hello"))
 *         .via(ziti.outgoingConnection("echo"))
 *         .runFold(ByteString.emptyByteString(), ByteString::concat, system);
 *
 * // Host: a source of connections, bound to several routers and bound again when they are lost.
 * ziti.bind("echo")
 *         .to(Sink.foreach(connection -> connection.handleWith(Flow.create(), system)))
 *         .run(system);
 * }</pre>
 *
 * <p>An application that may choose the cryptography of its JVM calls {@link
 * io.zitipekko.transport.provider.NativeCryptography#install()} first: the signatures of a handshake cost a twentieth, and no cipher has to be
 * compiled first.
 */
@NullMarked
package io.zitipekko.sdk;

import org.jspecify.annotations.NullMarked;
