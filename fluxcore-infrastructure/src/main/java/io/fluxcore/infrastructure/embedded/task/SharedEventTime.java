package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.domain.time.SourceSilence;
import io.fluxcore.domain.time.WatermarkAlignment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the source tasks of one attempt to run a job know of each other's event time. Thread-safe.
 */
public final class SharedEventTime {
  private final Map<String, AlignmentGroup> groups = new ConcurrentHashMap<>();
  private final Map<String, SourceSilence> silences = new ConcurrentHashMap<>();

  /** Nothing is known yet. */
  public SharedEventTime() {}

  AlignmentGroup group(WatermarkAlignment alignment) {
    return groups.computeIfAbsent(alignment.group(), name -> new AlignmentGroup());
  }

  /** What the subtasks of a source share, or null if it has no silence fallback. */
  @Nullable SourceSilence silence(PlannedSource source) {
    Duration timeout = source.watermarks().silenceFallback();
    return timeout == null
        ? null
        : silences.computeIfAbsent(source.operatorId(), id -> new SourceSilence(timeout));
  }
}
