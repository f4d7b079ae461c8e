package io.zitipekko.transport.secret;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * End-to-end encryption of one connection (protocol/02 section 15). The first element each way on the encrypted side is the stream
 * header of {@value SecretStream#HEADER_BYTES} bytes, sent without waiting for data or for the peer; each later one is one message.
 *
 * <pre>
 *              +--------------------------+
 *   plainIn ~&gt; | header, then encrypt()   | ~&gt; cipherOut
 *              |                          |
 *  plainOut &lt;~ | decrypt() after header   | &lt;~ cipherIn
 *              +--------------------------+
 * </pre>
 *
 * <p><b>Emits when</b> the header is due or an element was encrypted, respectively decrypted; empty elements are dropped
 *
 * <p><b>Back-pressures when</b> the same direction's downstream does
 *
 * <p><b>Completes when</b> upstream of that direction completes (half-close; the header goes first). Cancelling one direction leaves
 * the other
 *
 * <p><b>Fails when</b> either upstream fails, or anything received is not genuine and in its turn: {@link SecretStreamException}
 *
 * <p>The keys serve one materialization; they are wiped once the peer's header has come, the streams' own state when it stops.
 */
public final class SecretStreamFlow extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private final Inlet<ByteString> plainIn = Inlet.create("plainIn");
    private final Outlet<ByteString> cipherOut = Outlet.create("cipherOut");
    private final Inlet<ByteString> cipherIn = Inlet.create("cipherIn");
    private final Outlet<ByteString> plainOut = Outlet.create("plainOut");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            BidiShape.of(plainIn, cipherOut, cipherIn, plainOut);
    private final SessionKeys keys;

    private SecretStreamFlow(SessionKeys keys) {
        this.keys = keys;
    }

    /** The stage for one connection with these keys; it can be materialized once. */
    public static BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> of(SessionKeys keys) {
        return BidiFlow.fromGraph(new SecretStreamFlow(keys));
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private final SecretStream.Encryptor encryptor;
        // Not yet sent on; null afterwards.
        private @Nullable ByteString header;
        // Null until the peer's header has come.
        private SecretStream.@Nullable Decryptor decryptor;

        Logic() {
            super(shape);
            this.encryptor = new SecretStream.Encryptor(keys);
            this.header = encryptor.header();
            setHandler(plainIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    ByteString plain = grab(plainIn);
                    if (plain.isEmpty()) {
                        pull(plainIn);
                    } else {
                        push(cipherOut, encryptor.encrypt(plain));
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    if (header == null) {
                        complete(cipherOut);
                    }
                }
            });
            setHandler(cipherOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (header != null) {
                        push(cipherOut, header);
                        header = null;
                        if (isClosed(plainIn)) {
                            complete(cipherOut);
                        }
                    } else {
                        pull(plainIn);
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(plainIn, cause);
                }
            });
            setHandler(cipherIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    try {
                        onCipher(grab(cipherIn));
                    } catch (SecretStreamException notGenuine) {
                        // Not thrown: what a peer sends is no error of ours, and would fill the log.
                        failStage(notGenuine);
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    complete(plainOut);
                }
            });
            setHandler(plainOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(cipherIn);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(cipherIn, cause);
                }
            });
        }

        private void onCipher(ByteString message) {
            if (message.isEmpty()) {
                pull(cipherIn);
            } else if (decryptor == null) {
                decryptor = new SecretStream.Decryptor(keys, message);
                keys.close();
                pull(cipherIn);
            } else {
                ByteString plain = decryptor.decrypt(message);
                if (plain.isEmpty()) {
                    pull(cipherIn);
                } else {
                    push(plainOut, plain);
                }
            }
        }

        @Override
        public void postStop() {
            keys.close();
            encryptor.close();
            if (decryptor != null) {
                decryptor.close();
            }
        }
    }
}
