package io.fluxcore.application.control;

import io.fluxcore.application.AlertListener;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whoever is told of the alerts of all jobs. One that fails keeps others from nothing. */
final class AlertListeners {
  private static final System.Logger LOG = System.getLogger(AlertListeners.class.getName());

  private final List<AlertListener> listeners = new CopyOnWriteArrayList<>();

  void add(AlertListener listener) {
    listeners.add(listener);
  }

  void tell(JobId job, String name, JobEvent.AlertRaised alert) {
    for (AlertListener listener : listeners) {
      try {
        listener.raised(job, name, alert);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener of alerts failed", e);
      }
    }
  }
}
