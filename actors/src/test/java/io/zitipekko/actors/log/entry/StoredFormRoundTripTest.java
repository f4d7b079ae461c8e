package io.zitipekko.actors.log.entry;

import static io.zitipekko.actors.model.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.type.Services;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Entities with texts of any kind come back from their stored form, alone and in log entries. Every kind is tried in {@link StoredFormTest}. */
class StoredFormRoundTripTest {
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(60)
                .filter(text -> !text.isBlank() && text.chars().noneMatch(c -> Character.isSurrogate((char) c)));
    }

    private static List<Change> changes(String id, String text, String other, PolicyType type, Semantic semantic) {
        return List.of(
                put(hosting(identity(id, text, new String[] {other}), other, Map.of(text, other))),
                put(administrator(id)),
                put(service(id, text)),
                put(router(id, true, text)),
                put(certificate(id, other)),
                put(password(id, other, text)),
                put(enrollment(id, other, text)),
                put(servicePolicy(id, type, semantic, List.of("#" + text), List.of("@" + other))),
                put(edgeRouterPolicy(id, semantic, List.of("#all"), List.of("@" + other))),
                put(serviceEdgeRouterPolicy(id, semantic, List.of("#" + text), List.of("#all"))),
                put(terminator(id, text, other)),
                put(apiSession(id, text, other)),
                put(session(id, text, other, other)),
                delete(Services.TYPE, id));
    }

    @Property(tries = 100)
    void whatIsStoredComesBack(
            @ForAll("texts") String id,
            @ForAll("texts") String text,
            @ForAll("texts") String other,
            @ForAll PolicyType type,
            @ForAll Semantic semantic,
            @ForAll long index,
            @ForAll long call)
            throws IOException {
        List<Change> changes = changes(id, text, other, type, semantic);
        for (Change change : changes) {
            if (change instanceof Change.Put<?> put) {
                assertThat(ModelCodec.decodeEntity(put.type(), ModelCodec.encodeEntity(put.entity())))
                        .isEqualTo(put.entity());
            }
        }
        Proposal.Author author = new Proposal.Author("identity", id, text);
        for (Proposal.Author by : List.of(author, author.by(new Proposal.Source("rest", "edge", id, text, other)))) {
            DecidedChanges set = new DecidedChanges(new CallId(call, index), by, changes);
            LogEntry entry = LogEntry.decode(LogEntry.encode(
                    index,
                    text,
                    Stream.of(set, set).map(DecidedChanges::encoded).toList()));
            assertThat(entry).isEqualTo(new LogEntry(index, text, List.of(set, set)));
            Proposal proposal = new Proposal(changes, by);
            assertThat(ModelCodec.decodeProposal(ModelCodec.encodeProposal(proposal)))
                    .isEqualTo(proposal);
        }
    }
}
