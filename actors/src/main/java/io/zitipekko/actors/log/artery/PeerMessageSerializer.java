package io.zitipekko.actors.log.artery;

import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.log.ModelActor;
import io.zitipekko.actors.log.ModelWriterActor;
import io.zitipekko.actors.log.entry.ModelCodec;
import io.zitipekko.actors.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** The wire form of the few messages that controllers exchange about the model. A message is one registration here. */
public final class PeerMessageSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 23_120;

    private final ActorRefResolver references;
    private final Map<String, Form<?>> byManifest;

    /** Made by Pekko. */
    public PeerMessageSerializer(ExtendedActorSystem system) {
        this.references = ActorRefResolver.get(Adapter.toTyped(system));
        this.byManifest = Map.of(
                "q", new Form<>(RaftPeerActor.Request.class, this::writeRequest, this::readRequest),
                "a", new Form<>(RaftPeerActor.Answer.class, this::writeAnswer, this::readAnswer),
                "s", new Form<>(ModelWriterActor.Submit.class, this::writeSubmit, this::readSubmit),
                "r", new Form<>(ModelActor.Refused.class, this::writeRefused, this::readRefused),
                "n", new Form<>(ModelActor.NotLeading.class, this::writeNotLeading, this::readNotLeading));
    }

    private interface Writing<T> {
        void write(T message, DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T read(DataInputStream in) throws IOException;
    }

    private record Form<T>(Class<T> type, Writing<T> writing, Reading<T> reading) {
        byte[] write(Object message) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                writing.write(type.cast(message), out);
            }
            return bytes.toByteArray();
        }
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        for (Map.Entry<String, Form<?>> form : byManifest.entrySet()) {
            if (form.getValue().type().isInstance(message)) {
                return form.getKey();
            }
        }
        throw new IllegalArgumentException("no wire form for " + message.getClass());
    }

    @Override
    public byte[] toBinary(Object message) {
        try {
            return form(manifest(message)).write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return form(manifest).reading().read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new NotSerializableException("message '" + manifest + "' of another controller: " + e.getMessage());
        }
    }

    private Form<?> form(String manifest) {
        Form<?> form = byManifest.get(manifest);
        if (form == null) {
            throw new IllegalArgumentException("unknown manifest '" + manifest + "'");
        }
        return form;
    }

    private void writeRequest(RaftPeerActor.Request request, DataOutputStream out) throws IOException {
        out.writeByte(request.operation().ordinal());
        out.writeUTF(references.toSerializationFormat(request.replyTo()));
        writeBytes(request.body(), out);
    }

    private RaftPeerActor.Request readRequest(DataInputStream in) throws IOException {
        RaftOperation operation = constant(RaftOperation.values(), in.readUnsignedByte());
        String replyTo = in.readUTF();
        return new RaftPeerActor.Request(operation, readBytes(in), references.resolveActorRef(replyTo));
    }

    private void writeAnswer(RaftPeerActor.Answer answer, DataOutputStream out) throws IOException {
        writeOptional(answer.fault(), out);
        writeBytes(answer.body(), out);
    }

    private RaftPeerActor.Answer readAnswer(DataInputStream in) throws IOException {
        Optional<String> fault = readOptional(in);
        return new RaftPeerActor.Answer(readBytes(in), fault);
    }

    private void writeSubmit(ModelWriterActor.Submit submit, DataOutputStream out) throws IOException {
        writeCall(submit.call(), out);
        out.writeUTF(references.toSerializationFormat(submit.replyTo()));
        writeBytes(ModelCodec.encodeProposal(submit.proposal()), out);
    }

    private ModelWriterActor.Submit readSubmit(DataInputStream in) throws IOException {
        CallId call = readCall(in);
        String replyTo = in.readUTF();
        return new ModelWriterActor.Submit(
                call, ModelCodec.decodeProposal(readBytes(in)), references.resolveActorRef(replyTo));
    }

    private void writeRefused(ModelActor.Refused refused, DataOutputStream out) throws IOException {
        writeCall(refused.call(), out);
        out.writeUTF(refused.kind().name());
        writeBytes(refused.message().getBytes(StandardCharsets.UTF_8), out);
        writeOptional(refused.field(), out);
        List<String> values = refused.value().orElse(List.of());
        out.writeInt(refused.value().isPresent() ? values.size() : -1);
        for (String value : values) {
            writeBytes(value.getBytes(StandardCharsets.UTF_8), out);
        }
    }

    private ModelActor.Refused readRefused(DataInputStream in) throws IOException {
        CallId call = readCall(in);
        ModelException.Kind kind = ModelException.Kind.valueOf(in.readUTF());
        String message = new String(readBytes(in), StandardCharsets.UTF_8);
        Optional<String> field = readOptional(in);
        int count = in.readInt();
        if (count > in.available()) {
            throw new IOException(count + " values in " + in.available() + " bytes");
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(new String(readBytes(in), StandardCharsets.UTF_8));
        }
        return new ModelActor.Refused(call, kind, message, field, count < 0 ? Optional.empty() : Optional.of(values));
    }

    private void writeNotLeading(ModelActor.NotLeading notLeading, DataOutputStream out) throws IOException {
        writeCall(notLeading.call(), out);
    }

    private ModelActor.NotLeading readNotLeading(DataInputStream in) throws IOException {
        return new ModelActor.NotLeading(readCall(in));
    }

    private static void writeCall(CallId call, DataOutputStream out) throws IOException {
        out.writeLong(call.origin());
        out.writeLong(call.number());
    }

    private static CallId readCall(DataInputStream in) throws IOException {
        return new CallId(in.readLong(), in.readLong());
    }

    private static void writeOptional(Optional<String> text, DataOutputStream out) throws IOException {
        out.writeBoolean(text.isPresent());
        writeBytes(text.orElse("").getBytes(StandardCharsets.UTF_8), out);
    }

    private static Optional<String> readOptional(DataInputStream in) throws IOException {
        boolean present = in.readBoolean();
        String text = new String(readBytes(in), StandardCharsets.UTF_8);
        return present ? Optional.of(text) : Optional.empty();
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("text of " + length + " bytes (expected: 0 to " + in.available() + ")");
        }
        return in.readNBytes(length);
    }

    private static <T> T constant(T[] values, int ordinal) throws IOException {
        if (ordinal >= values.length) {
            throw new IOException("number " + ordinal + " (expected: 0 to " + (values.length - 1) + ")");
        }
        return values[ordinal];
    }
}
