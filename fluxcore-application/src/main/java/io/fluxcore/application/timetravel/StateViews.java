package io.fluxcore.application.timetravel;

import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The views of state that there are, as long as somebody looks at them: one that nobody has looked
 * at for a while is let go, and so is the one that was looked at the longest ago when there are too
 * many. Thread-safe.
 */
public final class StateViews {
  /** A view that nobody looks at is kept so long. */
  public static final Duration KEPT = Duration.ofMinutes(15);

  private final InstantSource time;
  private final long maxBytes;

  /** By id, the one that was looked at last at the end. */
  private final Map<StateViewId, Kept> views = new LinkedHashMap<>();

  private record Kept(StateView view, Instant lookedAt) {}

  /**
   * No views.
   *
   * @param maxBytes of all that are kept
   */
  public StateViews(InstantSource time, long maxBytes) {
    this.time = time;
    this.maxBytes = maxBytes;
  }

  /** Keeps a view; others go for it where there is no room. */
  public synchronized void add(StateView view) {
    expire();
    long bytes = view.bytes() + views.values().stream().mapToLong(k -> k.view().bytes()).sum();
    Iterator<Kept> oldest = views.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= oldest.next().view().bytes();
      oldest.remove();
    }
    views.put(view.id(), new Kept(view, time.instant()));
  }

  /**
   * A view.
   *
   * @throws FluxCoreException of category {@code NOT_FOUND} if there is none, or none any more
   */
  public synchronized StateView get(StateViewId id) {
    expire();
    Kept kept = views.remove(id);
    if (kept == null) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error(
              "FLX-TRAVEL-0008",
              Place.of("view"),
              "there is no view " + id,
              "views are let go when nobody has looked at them for "
                  + KEPT.toMinutes()
                  + " minutes; ask for one again"));
    }
    views.put(id, new Kept(kept.view(), time.instant()));
    return kept.view();
  }

  /** The view of a job at a time, if there is one. */
  public synchronized Optional<StateView> find(JobId job, Instant asOf) {
    expire();
    Optional<StateViewId> id =
        views.values().stream()
            .map(Kept::view)
            .filter(view -> view.job().equals(job) && view.asOf().equals(asOf))
            .map(StateView::id)
            .findFirst();
    return id.map(this::get);
  }

  /** Lets a view go; without effect if there is none. */
  public synchronized void remove(StateViewId id) {
    views.remove(id);
  }

  /** All that there are. */
  public synchronized List<StateView> all() {
    expire();
    return views.values().stream().map(Kept::view).toList();
  }

  private void expire() {
    Instant oldest = time.instant().minus(KEPT);
    views.values().removeIf(kept -> kept.lookedAt().isBefore(oldest));
  }
}
