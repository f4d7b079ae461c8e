package io.zitipekko.actors.router.link;

import io.zitipekko.actors.model.id.RouterId;

/** What two routers can have at most one link of: {@code dialerBinding->protocol:remote->listenerBinding} (protocol/04 section 1.2). */
record LinkKey(String dialerBinding, String protocol, RouterId remote, String listenerBinding) {
    LinkKey {
        dialerBinding = dialerBinding.isEmpty() ? "default" : dialerBinding;
        listenerBinding = listenerBinding.isEmpty() ? "default" : listenerBinding;
    }

    @Override
    public String toString() {
        return dialerBinding + "->" + protocol + ":" + remote + "->" + listenerBinding;
    }
}
