package io.zitipekko.command.use;

import com.typesafe.config.ConfigFactory;
import io.zitipekko.command.CommandFailure;
import io.zitipekko.command.run.Foreground;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** What {@code proxy} and {@code host} have in common: an identity, logged in, in an actor system of its own. */
record Applications(ActorSystem<Void> system, ZitiContext ziti) {
    static Applications connect(Path identity) {
        ZitiIdentityFile file;
        try {
            file = ZitiIdentityFile.read(identity);
        } catch (IOException e) {
            throw new CommandFailure(
                    "-i " + identity + " cannot be read: " + e.getMessage()
                            + " (make it with 'ziti-pekko enroll TOKEN.jwt')",
                    e);
        }
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "application",
                ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-application")));
        try {
            return new Applications(system, Foreground.await(ZitiContext.connect(system, file)));
        } catch (CommandFailure e) {
            system.terminate();
            throw e;
        }
    }
}
