package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.apisession.ApiSessionPublisher;
import io.zitipekko.actors.fabric.apisession.IdentityConnections;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.datamodel.DataModelPublisher;
import io.zitipekko.actors.session.ApiSessions;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.ApiSessionHeartbeat;
import io.zitipekko.transport.control.proto.edge.ApiSessionRemoved;
import io.zitipekko.transport.control.proto.edge.ClientHello;
import io.zitipekko.transport.control.proto.edge.ConnectEvents;
import io.zitipekko.transport.control.proto.edge.SubscribeToDataModelRequest;
import io.zitipekko.transport.control.proto.edge.ValidateSessionsRequest;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What edge routers ask and report: their hello, sessions in use, SDK connections, the data model (protocol/03 sections 11 and 12). */
public final class EdgeReports implements ControlRequests.Subject {
    private final ApiSessions sessions;
    private final IdentityConnections connections;
    private final ActorRef<ApiSessionPublisher.Command> apiSessions;
    private final ActorRef<DataModelPublisher.Command> dataModel;

    public EdgeReports(
            ApiSessions sessions,
            IdentityConnections connections,
            ActorRef<ApiSessionPublisher.Command> apiSessions,
            ActorRef<DataModelPublisher.Command> dataModel) {
        this.sessions = sessions;
        this.connections = connections;
        this.apiSessions = apiSessions;
        this.dataModel = dataModel;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.CLIENT_HELLO, this::clientHello)
                .on(ControlContentType.REQUEST_CLIENT_RE_SYNC, this::resync)
                .on(ControlContentType.API_SESSION_HEARTBEAT, this::heartbeat)
                .on(ControlContentType.VALIDATE_SESSIONS, this::validateSessions)
                .on(ControlContentType.CONNECT_EVENTS, this::connectEvents)
                .on(ControlContentType.SUBSCRIBE_TO_DATA_MODEL, this::subscribe);
    }

    private void clientHello(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        ClientHello hello = ClientHello.parseFrom(message.bodyBytes());
        apiSessions.tell(new ApiSessionPublisher.HelloAnswered(router, hello));
        dataModel.tell(new DataModelPublisher.SendPublicKeys(router));
    }

    private void resync(ConnectedRouter router, Message message) {
        apiSessions.tell(new ApiSessionPublisher.Resync(router));
    }

    private void heartbeat(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        Set<String> unknown = sessions.heartbeat(
                ApiSessionHeartbeat.parseFrom(message.bodyBytes()).getTokensList());
        if (!unknown.isEmpty()) {
            router.send(
                    Lane.DEFAULT,
                    ControlContentType.API_SESSION_REMOVED,
                    ApiSessionRemoved.newBuilder().addAllTokens(unknown).build());
        }
    }

    private void validateSessions(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        apiSessions.tell(new ApiSessionPublisher.ValidateSessions(
                router, ValidateSessionsRequest.parseFrom(message.bodyBytes()).getSessionTokensList()));
    }

    private void connectEvents(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        connections.reported(router.id(), ConnectEvents.parseFrom(message.bodyBytes()));
    }

    private void subscribe(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        SubscribeToDataModelRequest request = SubscribeToDataModelRequest.parseFrom(message.bodyBytes());
        dataModel.tell(new DataModelPublisher.Subscribe(
                router,
                request.getSubscriptionId(),
                request.getCurrentIndex(),
                request.getTimelineId(),
                request.getRenew(),
                Integer.toUnsignedLong(request.getSubscriptionDurationSeconds())));
    }
}
