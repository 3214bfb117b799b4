package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks unbounded sources for new splits every now and then, on a thread of its own that lives as
 * long as one asking. Used by the job's thread.
 */
final class SplitDiscovery {
  private static final System.Logger LOG = System.getLogger(SplitDiscovery.class.getName());

  private final JobSetting setting;
  private final JobThread jobThread;
  private final Map<String, Long> due = new HashMap<>();
  private @Nullable Attempt attempt;
  private @Nullable Thread finder;

  SplitDiscovery(JobSetting setting, JobThread jobThread) {
    this.setting = setting;
    this.jobThread = jobThread;
  }

  /** An attempt begins, which has asked once already. */
  void begin(Attempt started) {
    attempt = started;
    due.clear();
  }

  /** The attempt is over: what is found for it is not wanted. */
  void attemptOver() {
    attempt = null;
  }

  /** Asks the sources for which it is time, unless some are being asked. */
  void discoverIfDue() {
    if (finder != null) {
      return;
    }
    List<PlannedSource> unbounded = new ArrayList<>();
    for (PlannedStage stage : setting.plan().stages()) {
      PlannedSource source = stage.source();
      if (source != null && !source.source().isBounded() && isDue(source)) {
        unbounded.add(source);
      }
    }
    if (!unbounded.isEmpty()) {
      Attempt asking = attempt;
      Thread thread =
          new Thread(() -> discover(unbounded, asking), setting.config().name() + ": splits");
      thread.setDaemon(true);
      finder = thread;
      thread.start();
    }
  }

  private boolean isDue(PlannedSource source) {
    Duration interval = setting.settings().discoveryInterval();
    Duration wanted = source.source().discoveryInterval();
    if (wanted != null && wanted.compareTo(interval) < 0) {
      interval = wanted;
    }
    long now = System.nanoTime();
    // The attempt's start has asked once already.
    Long next = due.putIfAbsent(source.operatorId(), now + interval.toNanos());
    if (next == null || now < next) {
      return false;
    }
    due.put(source.operatorId(), now + interval.toNanos());
    return true;
  }

  private void discover(List<PlannedSource> sources, @Nullable Attempt asking) {
    for (PlannedSource source : sources) {
      try {
        List<Source.Split> found = source.source().discoverSplits();
        jobThread.post(() -> discovered(source.operatorId(), found, asking));
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "no splits from source " + source.operatorId() + " now",
            e);
      }
    }
    jobThread.post(() -> finder = null);
  }

  private void discovered(String sourceId, List<Source.Split> found, @Nullable Attempt asking) {
    Attempt current = attempt;
    if (current != null && current == asking) {
      current.discovered(sourceId, found);
    }
  }

  /** The job is over. */
  void end() {
    Thread last = finder;
    while (last != null && last.isAlive()) {
      last.interrupt();
      try {
        last.join(100);
      } catch (InterruptedException e) {
        // The job is ending already.
      }
    }
  }
}
