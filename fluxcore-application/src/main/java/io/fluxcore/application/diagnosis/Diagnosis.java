package io.fluxcore.application.diagnosis;

import io.fluxcore.application.diagnosis.SourceDiagnosis.SplitDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.JobProgress.WindowProgress;
import io.fluxcore.domain.operator.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a diagnosis of what is known of a job. */
public final class Diagnosis {
  private final JobReading job;
  private final EventTime eventTime;
  private final Counts counts;

  private Diagnosis(JobReading job) {
    this.job = job;
    this.eventTime = new EventTime(job.plan(), job.progress().splits());
    this.counts = new Counts(job.metrics());
  }

  /** Why the job gives no output, if it does not. */
  public static JobDiagnosis of(JobReading job) {
    Diagnosis diagnosis = new Diagnosis(job);
    List<WindowProgress> windows = diagnosis.windowsByNode();
    return new JobDiagnosis(
        job.jobId(),
        job.status(),
        job.at(),
        new FindingRules(job, diagnosis.eventTime, diagnosis.counts, windows).findings(),
        diagnosis.sources(),
        windows.stream().map(diagnosis::window).toList());
  }

  /** The windows of a node, of which a first phase before the exchange may hold some. */
  private List<WindowProgress> windowsByNode() {
    Map<String, WindowProgress> last = new LinkedHashMap<>();
    List<WindowProgress> first = new ArrayList<>();
    for (WindowProgress window : job.progress().windows()) {
      String node = JobGraph.nodeOf(window.operatorId());
      if (node.equals(window.operatorId())) {
        last.put(node, window);
      } else {
        first.add(window);
      }
    }
    for (WindowProgress window : first) {
      last.computeIfPresent(
          JobGraph.nodeOf(window.operatorId()), (node, own) -> together(own, window));
    }
    return List.copyOf(last.values());
  }

  private static WindowProgress together(WindowProgress last, WindowProgress first) {
    return new WindowProgress(
        last.operatorId(),
        last.processingTime(),
        last.watermark(),
        Math.max(last.pending(), first.pending()),
        Math.min(last.nextFiring(), first.nextFiring()),
        last.pace());
  }

  private List<SourceDiagnosis> sources() {
    List<SourceDiagnosis> sources = new ArrayList<>();
    for (JobGraph.Node node : job.graph().nodes()) {
      if (node.kind() == JobGraph.Kind.SOURCE) {
        List<SplitProgress> splits = eventTime.splitsOf(node.id());
        Long watermark =
            EventTime.holder(splits).map(split -> known(split.watermark())).orElse(null);
        sources.add(
            new SourceDiagnosis(
                node.id(), watermark, splits.stream().map(Diagnosis::split).toList()));
      }
    }
    return sources;
  }

  private static SplitDiagnosis split(SplitProgress split) {
    return new SplitDiagnosis(
        split.split(),
        known(split.watermark()),
        SourceDiagnosis.SplitState.valueOf(split.state().name()),
        split.rows(),
        instant(split.lastRowMillis()),
        instant(split.unchangedSinceMillis()),
        split.lagRecords() < 0 ? null : Long.valueOf(split.lagRecords()));
  }

  private WindowDiagnosis window(WindowProgress window) {
    Ledger.Counts rows = counts.of(window.operatorId());
    return new WindowDiagnosis(
        window.operatorId(),
        known(window.watermark()),
        window.processingTime() ? null : heldBackBy(window.operatorId()),
        window.pending(),
        window.nextFiring() == Long.MAX_VALUE ? null : Long.valueOf(window.nextFiring()),
        rows.rowsIn(),
        rows.late(),
        rows.filtered(),
        rows.failed(),
        rows.dropped(),
        rows.rowsOut());
  }

  private WindowDiagnosis.@Nullable Holder heldBackBy(String operatorId) {
    return EventTime.holder(eventTime.upstream(operatorId))
        .map(
            split ->
                new WindowDiagnosis.Holder(
                    split.sourceId(),
                    split.split(),
                    known(split.watermark()),
                    instant(split.unchangedSinceMillis())))
        .orElse(null);
  }

  private static @Nullable Long known(long time) {
    return time == Long.MIN_VALUE || time == Long.MAX_VALUE ? null : Long.valueOf(time);
  }

  private static @Nullable Instant instant(long millis) {
    return millis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(millis);
  }
}
