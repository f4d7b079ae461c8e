package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.ProvedPaths;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The third parties' authorities that are good for something in a state of the model, e.g. for log-ins, each with the paths that were proved
 * to lead to it. Which ones those are is asked of the model each time; nothing that was proved under one is remembered beyond its
 * withdrawal. Thread-safe.
 */
public final class ThirdParties {
    private static final Known NONE = new Known(List.of(), new ProvedPaths(TrustAnchors.none()), List.of());

    /** Whose certificate it is, and under which authority. */
    public record Proved(PeerIdentity peer, CaId ca) {}

    private record Anchor(CaId ca, String pem) {}

    private record Authority(CaId ca, ProvedPaths paths) {}

    /** @param any of them together: a stranger is refused after one check, however many there are */
    private record Known(List<Anchor> anchors, ProvedPaths any, List<Authority> authorities) {
        static Known of(List<Anchor> anchors) {
            List<X509Certificate> all = new ArrayList<>();
            List<Authority> authorities = new ArrayList<>();
            for (Anchor anchor : anchors) {
                X509Certificate certificate = Pem.certificates(anchor.pem()).get(0);
                all.add(certificate);
                authorities.add(new Authority(anchor.ca(), new ProvedPaths(TrustAnchors.of(List.of(certificate)))));
            }
            return new Known(anchors, new ProvedPaths(TrustAnchors.of(all)), List.copyOf(authorities));
        }
    }

    private final Predicate<Ca> good;
    private volatile Known known = NONE;

    /** @param good which of them */
    public ThirdParties(Predicate<Ca> good) {
        this.good = good;
    }

    /** Whether there are any. */
    public boolean any(ModelView view) {
        return !current(view).anchors().isEmpty();
    }

    /** As {@link ProvedPaths#verifyIgnoringLeafDates}, under any of those that are good in {@code view}. */
    public Proved verify(PresentedCertificates presented, ModelView view, Instant now) throws UntrustedPeerException {
        Known current = current(view);
        PeerIdentity peer = current.any().verifyIgnoringLeafDates(presented, now);
        for (Authority authority : current.authorities()) {
            try {
                return new Proved(authority.paths().verifyIgnoringLeafDates(presented, now), authority.ca());
            } catch (UntrustedPeerException notThisOne) {
                // The next one may be it.
            }
        }
        throw new UntrustedPeerException("no single authority carries " + peer);
    }

    /** As before, under a certain one. */
    public Proved verify(CaId ca, PresentedCertificates presented, ModelView view, Instant now)
            throws UntrustedPeerException {
        for (Authority authority : current(view).authorities()) {
            if (authority.ca().equals(ca)) {
                return new Proved(authority.paths().verifyIgnoringLeafDates(presented, now), ca);
            }
        }
        throw new UntrustedPeerException("certificate authority " + ca + " is not good for that");
    }

    private Known current(ModelView view) {
        List<Anchor> anchors = view.all(Cas.TYPE).stream()
                .filter(good)
                .map(ca -> new Anchor(ca.id(), ca.certPem()))
                .sorted(Comparator.comparing(anchor -> anchor.ca().value()))
                .toList();
        Known last = known;
        if (last.anchors().equals(anchors)) {
            return last;
        }
        Known next = Known.of(anchors);
        known = next;
        return next;
    }
}
