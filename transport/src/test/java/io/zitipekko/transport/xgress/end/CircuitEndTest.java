package io.zitipekko.transport.xgress.end;

import static io.zitipekko.transport.xgress.end.RecordingEnd.CIRCUIT;
import static io.zitipekko.transport.xgress.end.RecordingEnd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.PayloadFlags;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import io.zitipekko.transport.xgress.XgressOptions;
import io.zitipekko.transport.xgress.end.CircuitEnd.SendResult;
import io.zitipekko.transport.xgress.end.CircuitEnd.Side;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** One end against a peer that the test plays itself. */
class CircuitEndTest {
    private static final long MILLI = 1_000_000L;

    private final SimulatedTime time = new SimulatedTime();
    private final RecordingEnd initiator = new RecordingEnd(Side.INITIATOR, time);
    private final RecordingEnd terminator = new RecordingEnd(Side.TERMINATOR, time);

    @Test
    void theInitiatorOpensWithItsCapabilities() {
        initiator.end.start();

        Payload start = initiator.lastPayload();
        assertThat(start.sequence()).isZero();
        assertThat(start.flags()).isEqualTo(PayloadFlags.CIRCUIT_START);
        assertThat(start.capabilities()).hasValue(PayloadFlags.CAPABILITY_EOF);
        assertThat(start.rttStamp()).isNotZero();
        assertThat(start.body().isEmpty()).isTrue();
    }

    @Test
    void theTerminatorAnswersTheStartWithItsCapabilitiesBeforeAnyData() {
        terminator.end.start();
        terminator.end.send(text("early"));
        assertThat(terminator.payloads()).isEmpty();

        terminator.end.receive(start(0));

        assertThat(terminator.payloads()).extracting(Payload::sequence).containsExactly(0, 1);
        assertThat(terminator.payloads().get(0).capabilities()).hasValue(PayloadFlags.CAPABILITY_EOF);
        assertThat(terminator.payloads().get(0).flags()).isEqualTo(PayloadFlags.ORIGINATOR);
        assertThat(terminator.payloads().get(1).body().utf8String()).isEqualTo("early");
        assertThat(terminator.acks().get(0).sequences()).containsExactly(0);
        assertThat(terminator.acks().get(0).flags()).isEqualTo(PayloadFlags.ORIGINATOR);
    }

    @Test
    void anOldInitiatorGetsNoCapabilityAnswerAndNoEndOfFile() {
        terminator.end.start();
        terminator.end.receive(payload(0, PayloadFlags.CIRCUIT_START, Headers.EMPTY, ""));

        terminator.end.send(text("x"));
        terminator.end.finish();

        assertThat(terminator.payloads())
                .extracting(p -> p.flags() & ~PayloadFlags.ORIGINATOR)
                .containsExactly(0, 0, PayloadFlags.CIRCUIT_END);
    }

    @Test
    void aTerminatorWhoseStartDoesNotComeCloses() {
        terminator.end.start();

        time.advance(179_000 * MILLI);
        assertThat(terminator.closed).isNull();
        time.advance(2_000 * MILLI);

        assertThat(terminator.closed.cause()).isEqualTo(CircuitClosed.Cause.TIMED_OUT);
    }

    @Test
    void payloadsAreHandedOnInOrderAndCapabilitiesAreNot() {
        connectTerminator();

        terminator.end.receive(data(2, "b"));
        assertThat(terminator.pollText()).isEmpty();
        terminator.end.receive(data(1, "a"));

        assertThat(terminator.pollText()).isEqualTo("ab");
        assertThat(terminator.heard).containsOnlyOnce("readable");
    }

    @Test
    void everyCopyIsAcknowledgedAndOnlyTheFirstHandedOn() {
        connectTerminator();
        terminator.end.receive(data(1, "a"));
        time.advance(5 * MILLI);
        terminator.sent.clear();

        terminator.end.receive(data(1, "a"));

        assertThat(terminator.acks()).hasSize(1);
        assertThat(terminator.acks().get(0).sequences()).containsExactly(1);
        assertThat(terminator.pollText()).isEqualTo("a");
    }

    @Test
    void whatCameRoundToItsSenderIsDroppedUnacknowledged() {
        connectTerminator();
        terminator.sent.clear();

        terminator.end.receive(payload(1, PayloadFlags.ORIGINATOR, Headers.EMPTY, "loop"));
        terminator.end.receive(
                Acknowledgement.of(CIRCUIT, PayloadFlags.ORIGINATOR, 0, 0, 0).toMessage());
        time.advance(5 * MILLI);

        assertThat(terminator.acks()).isEmpty();
        assertThat(terminator.pollText()).isEmpty();
    }

    @Test
    void sequencesOutOfAllRangeAreNotAcknowledgedAndNotKept() {
        connectTerminator();
        terminator.sent.clear();

        terminator.end.receive(data(-1, "negative"));
        terminator.end.receive(data(Integer.MAX_VALUE, "far"));
        time.advance(5 * MILLI);

        assertThat(terminator.acks()).isEmpty();
        assertThat(terminator.end.toString()).contains("stored 0");
    }

    @Test
    void acknowledgementsOfABurstTravelTogetherAndLoseNone() {
        connectTerminator();
        time.advance(5 * MILLI);
        terminator.sent.clear();

        for (int i = 1; i <= 40; i++) {
            terminator.end.receive(data(i, "x"));
        }
        time.advance(2 * MILLI);

        assertThat(terminator.acks()).hasSizeLessThan(6);
        assertThat(terminator.acks().stream().mapToInt(Acknowledgement::count).sum())
                .isEqualTo(40);
        assertThat(terminator.acks().get(0).sequences()).containsExactly(1);
    }

    @Test
    void theAdvertisedBufferIsWhatTheLocalSideHasNotTaken() {
        connectTerminator();
        time.advance(5 * MILLI);
        terminator.end.receive(data(1, "x".repeat(600_000)));
        assertThat(last(terminator.acks()).receiveBuffer()).isEqualTo(600_000);
        terminator.sent.clear();

        terminator.pollAll();

        assertThat(terminator.acks()).hasSize(1);
        assertThat(terminator.acks().get(0).count()).isZero();
        assertThat(terminator.acks().get(0).receiveBuffer()).isZero();
        assertThat(terminator.acks().get(0).rttStamp()).isZero();
    }

    @Test
    void aLocalSideThatKeepsUpCausesNoAcknowledgementsOfItsOwn() {
        connectTerminator();
        time.advance(5 * MILLI);
        terminator.end.receive(data(1, "x".repeat(100_000)));
        terminator.sent.clear();

        terminator.pollAll();

        assertThat(terminator.acks()).isEmpty();
    }

    @Test
    void aSteadyStreamIsAcknowledgedInLargerBatchesUntilSomethingIsMissing() {
        connectTerminator();
        String body = "x".repeat(32 << 10);
        int sequence = 1;
        for (; sequence <= 256; sequence++) {
            terminator.end.receive(data(sequence, body));
            terminator.pollAll();
        }
        terminator.sent.clear();
        for (; sequence <= 320; sequence++) {
            terminator.end.receive(data(sequence, body));
            terminator.pollAll();
        }
        assertThat(terminator.acks()).extracting(Acknowledgement::count).containsOnly(8);

        sequence++;
        terminator.end.receive(data(sequence, body));
        terminator.end.receive(data(sequence - 1, body));
        terminator.sent.clear();
        for (sequence++; sequence <= 400; sequence++) {
            terminator.end.receive(data(sequence, body));
            terminator.pollAll();
        }
        assertThat(terminator.acks()).extracting(Acknowledgement::count).containsOnly(4);
    }

    @Test
    void beyondTheReceiveBufferNothingMoreIsAcceptedUntilTheLocalSideTakes() {
        connectTerminator();
        String block = "x".repeat(1 << 20);
        for (int i = 1; i <= 6; i++) {
            terminator.end.receive(data(i, block));
        }
        time.advance(5 * MILLI);
        int accepted = acknowledged(terminator);

        terminator.pollAll();
        terminator.end.receive(data(6, block));

        assertThat(accepted)
                .as("start and five: the fifth fills past the limit")
                .isEqualTo(6);
        assertThat(last(terminator.acks()).sequences()).containsExactly(6);
    }

    @Test
    void unacknowledgedPayloadsAreSentAgainWithTheMarkAndEverLongerPauses() {
        connectInitiator();
        initiator.end.send(text("x"));
        initiator.sent.clear();

        time.advance(3_000 * MILLI);

        assertThat(initiator.payloads()).hasSizeBetween(3, 6).allMatch(p -> p.has(PayloadFlags.RETRANSMIT));
        ack(initiator, 0, 1);
        initiator.sent.clear();
        time.advance(60_000 * MILLI);
        assertThat(initiator.sent).isEmpty();
        assertThat(time.isIdle()).as("an idle circuit has nothing scheduled").isTrue();
    }

    @Test
    void aHoleIsFilledAtOnceWhenWhatLeftMuchLaterHasArrived() {
        connectInitiator();
        initiator.end.send(text("lost"));
        time.advance(20 * MILLI);
        initiator.end.send(text("there"));
        time.advance(1 * MILLI);
        initiator.sent.clear();

        ack(initiator, 0, 2);

        assertThat(initiator.payloads()).hasSize(1);
        assertThat(initiator.lastPayload().body().utf8String()).isEqualTo("lost");
        assertThat(initiator.lastPayload().flags()).isEqualTo(PayloadFlags.RETRANSMIT);
    }

    @Test
    void theLocalSideIsToldToWaitAndToGoOn() {
        connectInitiator();
        ByteString block = ByteString.fromArray(new byte[64 << 10]);
        int taken = 0;
        while (initiator.end.send(block) == SendResult.OPEN) {
            taken++;
        }
        assertThat(taken).isBetween(3, 10);
        assertThat(initiator.heard).doesNotContain("writable");

        for (int i = 1; i <= taken; i++) {
            ack(initiator, 0, i);
        }

        assertThat(initiator.heard).containsOnlyOnce("writable");
    }

    @Test
    void aPeerThatClaimsToBeFullGetsOnePayloadAtATime() {
        connectInitiator();
        ack(initiator, 0xffff_ffffL);
        initiator.sent.clear();

        for (int i = 0; i < 5; i++) {
            initiator.end.send(text("x" + i));
        }

        assertThat(initiator.payloads()).hasSize(1);
        ack(initiator, 0xffff_ffffL, 1);
        assertThat(initiator.payloads()).hasSize(2);
        ack(initiator, 0, 2);
        assertThat(initiator.payloads()).hasSize(5);
    }

    @Test
    void inFlightAndStoredNeverExceedWhatThePeerCanHold() {
        connectInitiator();
        ack(initiator, (4 << 20) - 100_000);
        initiator.sent.clear();

        for (int i = 0; i < 5; i++) {
            initiator.end.send(ByteString.fromArray(new byte[40_000]));
        }

        assertThat(initiator.payloads()).hasSize(2);
    }

    @Test
    void aFullFabricIsTriedAgainAndNothingOvertakes() {
        connectInitiator();
        initiator.sent.clear();
        initiator.room = m -> false;
        initiator.end.send(text("a"));
        initiator.end.send(text("b"));
        initiator.room = m -> true;

        time.advance(25 * MILLI);

        assertThat(initiator.payloads()).extracting(p -> p.body().utf8String()).containsExactly("a", "b");
        assertThat(initiator.payloads()).extracting(Payload::sequence).containsExactly(1, 2);
        assertThat(initiator.payloads()).noneMatch(p -> p.has(PayloadFlags.RETRANSMIT));
    }

    @Test
    void roomThatComesDuringARefusalIsUsedAtOnce() {
        connectInitiator();
        initiator.sent.clear();
        initiator.room = m -> {
            initiator.room = any -> true;
            initiator.end.fabricWritable();
            return false;
        };

        initiator.end.send(text("a"));

        assertThat(initiator.payloads()).extracting(p -> p.body().utf8String()).containsExactly("a");
    }

    @Test
    void acknowledgementsThatTheFabricRefusedAreNotLost() {
        connectTerminator();
        terminator.sent.clear();
        terminator.room = m -> false;
        terminator.end.receive(data(1, "a"));
        terminator.end.receive(data(2, "b"));
        terminator.room = m -> true;

        terminator.end.fabricWritable();
        time.advance(5 * MILLI);

        assertThat(acknowledged(terminator)).isEqualTo(2);
    }

    @Test
    void halfCloseIsFinThenEofAndTheOtherDirectionGoesOn() {
        connectInitiator();
        initiator.end.send(text("x"));
        initiator.end.finish();

        List<Payload> payloads = initiator.payloads();
        assertThat(payloads.get(2).edgeFlags()).isEqualTo(PayloadFlags.EDGE_FIN);
        assertThat(payloads.get(3).flags()).isEqualTo(PayloadFlags.EOF);
        assertThat(initiator.end.send(text("late"))).isEqualTo(SendResult.CLOSED);
        ack(initiator, 0, 1, 2, 3);
        initiator.end.receive(fromTerminator(1, 0, Headers.EMPTY, "answer"));
        assertThat(initiator.pollText()).isEqualTo("answer");
        assertThat(initiator.closed).isNull();
    }

    @Test
    void theEndOfFileWaitsUntilThePeersCapabilitiesAreKnown() {
        initiator.end.start();
        initiator.end.finish();
        assertThat(initiator.payloads()).extracting(Payload::flags).containsExactly(PayloadFlags.CIRCUIT_START, 0);

        initiator.end.receive(fromTerminator(0, 0, capabilities(), ""));

        assertThat(initiator.lastPayload().flags()).isEqualTo(PayloadFlags.EOF);
    }

    @Test
    void aPeerThatSaysNothingGetsTheOldEndOnceTheLocalSideIsGone() {
        initiator.end.start();
        initiator.end.finish();
        time.advance(5_000 * MILLI);
        assertThat(initiator.payloads()).noneMatch(p -> p.has(PayloadFlags.CIRCUIT_END));
        initiator.end.localClosed();

        time.advance(1_100 * MILLI);

        assertThat(initiator.payloads())
                .extracting(p -> p.flags() & ~PayloadFlags.RETRANSMIT)
                .contains(PayloadFlags.CIRCUIT_END);
    }

    @Test
    void whenBothDirectionsHaveEndedTheCircuitCloses() {
        connectInitiator();
        initiator.end.finish();
        initiator.end.receive(fromTerminator(1, PayloadFlags.EOF, Headers.EMPTY, ""));
        assertThat(initiator.pollText()).isEqualTo("|");
        assertThat(initiator.closed).isNull();

        ack(initiator, 0, 1, 2);

        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.FINISHED);
        assertThat(initiator.lastPayload().flags()).isEqualTo(PayloadFlags.CIRCUIT_END);
        assertThat(initiator.pollText()).isEqualTo("#");
        assertThat(acknowledged(initiator))
                .as("the peer's end was acknowledged first")
                .isEqualTo(2);
    }

    @Test
    void aFinHeaderEndsTheDataButNotTheCircuit() {
        connectInitiator();
        Headers fin = Headers.builder().int32(XgressHeader.EDGE_FLAGS, 1).build();

        initiator.end.receive(fromTerminator(1, 0, fin, "last"));
        initiator.end.receive(fromTerminator(2, PayloadFlags.EOF, Headers.EMPTY, ""));

        assertThat(initiator.pollText()).isEqualTo("last|");
        assertThat(initiator.closed).isNull();
        initiator.end.receive(fromTerminator(3, 0, Headers.EMPTY, "more"));
        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.PROTOCOL);
    }

    @Test
    void writeFailedStopsSendingAtOnce() {
        connectInitiator();
        initiator.end.send(text("x"));

        initiator.end.receive(fromTerminator(2, PayloadFlags.WRITE_FAILED, Headers.EMPTY, ""));

        assertThat(initiator.heard).contains("stopped");
        assertThat(initiator.end.send(text("y"))).isEqualTo(SendResult.CLOSED);
        assertThat(initiator.closed).isNull();
        initiator.end.receive(fromTerminator(1, PayloadFlags.EOF, Headers.EMPTY, ""));
        assertThat(initiator.pollText()).startsWith("|");
        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.FINISHED);
    }

    @Test
    void aLocalSideThatIsGoneIsSaidByWriteFailedAndEofAndTheRestIsStillDelivered() {
        connectInitiator();
        initiator.end.send(text("last words"));
        initiator.end.localClosed();

        assertThat(initiator.payloads())
                .extracting(Payload::flags)
                .containsExactly(PayloadFlags.CIRCUIT_START, 0, PayloadFlags.WRITE_FAILED, PayloadFlags.EOF);
        initiator.end.receive(fromTerminator(1, 0, Headers.EMPTY, "for nobody"));
        assertThat(initiator.closed).isNull();
        ack(initiator, 0, 1, 2, 3);
        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.FINISHED);
    }

    @Test
    void aPeerThatKnowsEofAndSaysEndIsGoneBothWays() {
        connectInitiator();

        initiator.end.receive(fromTerminator(1, 0, Headers.EMPTY, "last words"));
        initiator.end.receive(fromTerminator(2, PayloadFlags.CIRCUIT_END, Headers.EMPTY, ""));

        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.FINISHED);
        assertThat(initiator.pollText()).startsWith("last words");
        assertThat(initiator.heard).doesNotContain("finished");
    }

    @Test
    void dataThatEndedInOrderIsStillFinishedWhenTheCircuitHasClosedBeforeItWasTaken() {
        connectInitiator();
        initiator.end.receive(fromTerminator(1, 0, Headers.EMPTY, "last words"));
        initiator.end.receive(fromTerminator(2, PayloadFlags.EOF, Headers.EMPTY, ""));

        // The local side has taken nothing yet.
        initiator.end.receive(fromTerminator(3, PayloadFlags.CIRCUIT_END, Headers.EMPTY, ""));

        assertThat(initiator.pollAll())
                .element(1)
                .as("a half-close, not a close: nothing said that the peer takes no more")
                .isEqualTo(new Delivery.Finished(false));
    }

    @Test
    void aClosedEndWhoseLocalSideNeverComesForTheRestSetsNoMoreTimers() {
        connectInitiator();
        initiator.end.receive(fromTerminator(1, 0, Headers.EMPTY, "for nobody"));

        initiator.end.close("over");
        time.runAll();

        assertThat(time.isIdle()).isTrue();
        assertThat(initiator.pollAll())
                .as("what was not fetched in time is dropped, the end is still told")
                .singleElement()
                .isInstanceOf(Delivery.Closed.class);
    }

    @Test
    void anEndInAnApplicationKeepsWhatItReceivedForAsLongAsNobodyFetchesIt() {
        RecordingEnd end = new RecordingEnd(Side.TERMINATOR, time, XgressOptions.SDK, 0);
        end.end.start();
        end.end.receive(start(0));
        end.end.receive(data(1, "kept"));
        end.end.receive(payload(2, PayloadFlags.CIRCUIT_END, Headers.EMPTY, ""));

        time.advance(600_000 * MILLI);

        assertThat(end.closed).isNotNull();
        assertThat(end.pollText()).isEqualTo("kept#");
    }

    @Test
    void anEndThatCannotTellTheFabricThatItIsGoneTriesAgainAfterAWhile() {
        connectTerminator();
        terminator.end.receive(payload(1, PayloadFlags.WRITE_FAILED, Headers.EMPTY, ""));
        terminator.room = message -> false;
        terminator.end.receive(payload(2, 0, Headers.EMPTY, "x"));

        terminator.end.localClosed();
        long steps = 0;
        for (long began = time.nanoTime(); time.nanoTime() < began + 2_000 * MILLI; steps++) {
            assertThat(time.step()).isTrue();
            assertThat(steps).as("no busy waiting").isLessThan(1_000);
        }
    }

    @Test
    void aPeerThatTakesNoMoreFinishesByClosing() {
        connectInitiator();

        initiator.end.receive(fromTerminator(1, PayloadFlags.WRITE_FAILED, Headers.EMPTY, ""));
        initiator.end.receive(fromTerminator(2, PayloadFlags.EOF, Headers.EMPTY, ""));

        assertThat(initiator.pollAll()).first().isEqualTo(new Delivery.Finished(true));
    }

    @Test
    void aPeerThatNeverAcknowledgesTheRestIsGivenUp() {
        connectInitiator();
        initiator.end.send(text("x"));
        initiator.end.localClosed();

        time.advance(31_000 * MILLI);

        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.TIMED_OUT);
    }

    @Test
    void anUnroutedEndSendsNothingMoreButHandsOnWhatItHas() {
        connectTerminator();
        terminator.end.receive(data(1, "kept"));
        time.advance(5 * MILLI);
        terminator.sent.clear();

        terminator.end.unrouted("controller said so");
        terminator.end.send(text("x"));

        assertThat(terminator.sent).isEmpty();
        assertThat(terminator.closed.cause()).isEqualTo(CircuitClosed.Cause.UNROUTED);
        assertThat(terminator.pollText()).isEqualTo("kept#");
    }

    @Test
    void aCloseIsToldOnceAndWithACircuitEnd() {
        connectTerminator();

        terminator.end.close("write failed");
        terminator.end.close("again");
        terminator.end.unrouted("too late");

        assertThat(terminator.lastPayload().flags()).isEqualTo(PayloadFlags.CIRCUIT_END | PayloadFlags.ORIGINATOR);
        assertThat(terminator.closed.text()).isEqualTo("write failed");
        assertThat(terminator.heard).contains("stopped");
    }

    @Test
    void anEndThatClosesBeforeItsFirstPayloadLeftTellsTheCloseFromAHalfClose() {
        terminator.room = message -> message.contentType() != XgressContentType.PAYLOAD;
        terminator.end.start();
        terminator.end.receive(start(0));
        terminator.room = message -> true;

        terminator.end.close("the right is gone");
        initiator.end.start();
        initiator.end.receive(terminator.lastPayload().toMessage());

        assertThat(terminator.lastPayload().flags()).isEqualTo(PayloadFlags.CIRCUIT_END | PayloadFlags.ORIGINATOR);
        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.FINISHED);
        assertThat(initiator.pollText()).isEqualTo("#");
    }

    @Test
    void aCloseForWhichTheFabricHasNoRoomIsSentWhenItHas() {
        connectTerminator();
        terminator.sent.clear();
        terminator.room = message -> false;
        terminator.end.close("the right is gone");
        assertThat(terminator.closed).as("told after the last offer").isNull();
        time.advance(100 * MILLI);
        terminator.room = message -> true;

        terminator.end.fabricWritable();

        assertThat(terminator.payloads()).singleElement().satisfies(end -> {
            assertThat(end.flags()).isEqualTo(PayloadFlags.CIRCUIT_END | PayloadFlags.ORIGINATOR);
            assertThat(end.sequence())
                    .as("the next one, however often it was tried")
                    .isEqualTo(1);
        });
        assertThat(terminator.closed.text()).isEqualTo("the right is gone");
    }

    @Test
    void aCloseIsTriedAgainByItselfWhereNobodyTellsOfRoom() {
        connectTerminator();
        terminator.room = message -> false;
        terminator.end.close("the right is gone");
        terminator.room = message -> true;

        time.advance(20 * MILLI);

        assertThat(terminator.lastPayload().has(PayloadFlags.CIRCUIT_END)).isTrue();
        assertThat(terminator.closed).isNotNull();
    }

    @Test
    void aFabricThatNeverHasRoomHearsOfTheCloseAllTheSame() {
        connectTerminator();
        terminator.room = message -> false;
        terminator.end.close("the right is gone");

        time.advance(200 * MILLI);

        assertThat(terminator.closed.text()).isEqualTo("the right is gone");
        time.runAll();
        assertThat(time.isIdle()).isTrue();
    }

    @Test
    void aCircuitWhoseSequencesAreUsedUpCloses() {
        RecordingEnd old = new RecordingEnd(Side.INITIATOR, time, XgressOptions.DEFAULTS, Integer.MAX_VALUE - 20);
        old.end.start();

        for (int i = 0; i < 10; i++) {
            old.end.send(text("x"));
        }

        assertThat(old.closed.cause()).isEqualTo(CircuitClosed.Cause.PROTOCOL);
        assertThat(old.payloads()).allMatch(p -> p.sequence() > 0);
    }

    @Test
    void aLocalSideThatIgnoresBackPressureEndsTheCircuit() {
        connectInitiator();
        ByteString block = ByteString.fromArray(new byte[1 << 20]);

        for (int i = 0; i < 100; i++) {
            initiator.end.send(block);
        }

        assertThat(initiator.closed.cause()).isEqualTo(CircuitClosed.Cause.PROTOCOL);
    }

    @Test
    void drainOffersAgainWhatWasNotTaken() {
        connectTerminator();
        terminator.end.receive(data(1, "a"));
        terminator.end.receive(data(2, "b"));
        StringBuilder got = new StringBuilder();
        boolean[] room = {false};

        for (int i = 0; i < 2; i++) {
            terminator.end.drain(delivery -> {
                if (room[0]) {
                    got.append(((Delivery.Data) delivery).payload().body().utf8String());
                }
                return room[0];
            });
            room[0] = true;
        }

        assertThat(got.toString()).isEqualTo("ab");
    }

    @Test
    void aTraceIsAnsweredByTheEnd() {
        connectTerminator();
        Headers trace = Headers.builder()
                .int32(XgressHeader.TRACE_HOP_COUNT, 49)
                .int32(XgressHeader.TRACE_USER_VALUE, 7)
                .build();

        terminator.end.receive(new CircuitControl(CircuitControl.Type.TRACE_ROUTE, CIRCUIT, trace).toMessage());

        CircuitControl answer = CircuitControl.from(terminator.sent.get(terminator.sent.size() - 1));
        assertThat(answer.hopCount()).isEqualTo(48);
        assertThat(answer.headers().string(XgressHeader.TRACE_HOP_TYPE)).hasValue("xgress/test");
        assertThat(answer.headers().int32(XgressHeader.TRACE_USER_VALUE)).hasValue(7);
    }

    @Test
    void malformedMessagesAreCountedAndChangeNothing() {
        connectTerminator();

        assertThat(terminator.end.receive(Message.of(XgressContentType.PAYLOAD, Headers.EMPTY, "x")))
                .isFalse();
        assertThat(terminator.end.receive(Message.of(60786, Headers.EMPTY, "x")))
                .isFalse();
        assertThat(terminator.closed).isNull();
    }

    @Test
    void foreignHeadersCannotBeSentAsPayloadHeaders() {
        connectInitiator();

        assertThatThrownBy(() -> initiator.end.send(
                        text("x"), Headers.builder().int32(1010, 1).build()))
                .hasMessageContaining("payload header: 1010");
    }

    private void connectInitiator() {
        initiator.end.start();
        initiator.end.receive(fromTerminator(0, 0, capabilities(), ""));
        ack(initiator, 0, 0);
    }

    private void connectTerminator() {
        terminator.end.start();
        terminator.end.receive(start(0));
        terminator.end.receive(Acknowledgement.of(CIRCUIT, 0, 0, 0, 0).toMessage());
        terminator.heard.clear();
    }

    private static Message start(int sequence) {
        return payload(sequence, PayloadFlags.CIRCUIT_START, capabilities(), "");
    }

    private static Headers capabilities() {
        return Headers.builder()
                .bytes(XgressHeader.CAPABILITIES, new byte[] {0, 0, 1, 0})
                .build();
    }

    private static Message data(int sequence, String body) {
        return payload(sequence, 0, Headers.EMPTY, body);
    }

    private static Message fromTerminator(int sequence, int flags, Headers headers, String body) {
        return payload(sequence, flags | PayloadFlags.ORIGINATOR, headers, body);
    }

    private static Message payload(int sequence, int flags, Headers headers, String body) {
        return new Payload(CIRCUIT, sequence, flags, 1, headers, ByteString.fromString(body)).toMessage();
    }

    private static void ack(RecordingEnd initiator, long buffer, int... sequences) {
        initiator.end.receive(Acknowledgement.of(CIRCUIT, PayloadFlags.ORIGINATOR, buffer, 1, sequences)
                .toMessage());
    }

    private static int acknowledged(RecordingEnd end) {
        return (int) end.acks().stream()
                .flatMapToInt(a -> java.util.Arrays.stream(a.sequences()))
                .distinct()
                .count();
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
