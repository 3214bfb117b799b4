package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.diagnosis.SourceDiagnosis;
import io.fluxcore.application.diagnosis.WindowDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationError;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mapstruct.Mapper;
import org.mapstruct.Mapping;
import org.mapstruct.Named;
import org.mapstruct.factory.Mappers;

/** What FluxCore says of jobs, as the API says it. */
@Mapper
interface JobMapping {
  JobMapping INSTANCE = Mappers.getMapper(JobMapping.class);

  @Mapping(target = "state", source = "status")
  @Mapping(target = "submittedAt", source = "submitted")
  JobItem item(JobSummary job);

  @Mapping(target = "name", source = "config.name")
  @Mapping(target = "version", source = "config.version")
  @Mapping(target = "state", source = "status")
  @Mapping(target = "submittedAt", source = "history", qualifiedByName = "submittedAt")
  @Mapping(target = "startedAt", source = "history", qualifiedByName = "startedAt")
  @Mapping(target = "endedAt", source = "history", qualifiedByName = "endedAt")
  @Mapping(target = "parallelism", source = "config.parallelism")
  @Mapping(target = "maxParallelism", source = "config.maxParallelism")
  @Mapping(target = "stateBackend", source = "config.stateBackend")
  @Mapping(target = "checkpointIntervalMs", source = "config.checkpoints.interval")
  @Mapping(target = "deliveryGuarantee", source = "config.deliveryGuarantee")
  @Mapping(target = "restarts", source = "metrics.restarts")
  JobResource job(JobDetail job);

  @Mapping(target = "endToEndLatencyMs", source = "endToEndLatency")
  @Mapping(target = "uptimeMs", source = "uptime")
  MetricsResource metrics(JobMetrics metrics);

  @Mapping(target = "id", source = "checkpoint.id")
  @Mapping(target = "completedAt", source = "at")
  @Mapping(target = "bytes", source = "checkpoint.bytes")
  @Mapping(target = "durationMs", source = "checkpoint.duration")
  MetricsResource.LastCheckpoint checkpoint(JobMetrics.LastCheckpoint last);

  @Mapping(target = "rowsIn", source = "counts.rowsIn")
  @Mapping(target = "accepted", expression = "java(operator.counts().accepted())")
  @Mapping(target = "late", source = "counts.late")
  @Mapping(target = "filtered", source = "counts.filtered")
  @Mapping(target = "failed", source = "counts.failed")
  @Mapping(target = "dropped", expression = "java(operator.counts().dropped())")
  @Mapping(target = "droppedBy", source = "counts.droppedBy")
  @Mapping(target = "rowsOut", source = "counts.rowsOut")
  @Mapping(target = "bytesIn", source = "counts.bytesIn")
  @Mapping(target = "bytesOut", source = "counts.bytesOut")
  @Mapping(target = "batchesIn", source = "counts.batchesIn")
  @Mapping(target = "batchesOut", source = "counts.batchesOut")
  @Mapping(target = "watermark", source = "watermark", qualifiedByName = "eventTime")
  @Mapping(target = "inputEnded", source = "watermark", qualifiedByName = "inputEnded")
  @Mapping(target = "watermarkLagMs", source = "watermarkLagMillis", qualifiedByName = "lag")
  @Mapping(target = "lagRecords", source = "lagRecords", qualifiedByName = "lag")
  @Mapping(target = "lostRecords", source = "lostRecords", qualifiedByName = "lag")
  MetricsResource.OperatorFigures operator(OperatorMetrics operator);

  GraphResource graph(JobGraph graph);

  default StateResource state(LiveState live) {
    return new StateResource(
        live.operatorId(),
        live.key(),
        live.restoring(),
        live.states().stream()
            .map(s -> new StateResource.StateFigures(s.state(), s.kind(), s.value()))
            .toList());
  }

  @Mapping(target = "state", source = "status")
  DiagnosisResource diagnosis(JobDiagnosis diagnosis);

  @Mapping(target = "watermark", source = "watermark", qualifiedByName = "eventTime")
  DiagnosisResource.SourceFigures source(SourceDiagnosis source);

  @Mapping(target = "watermark", source = "watermark", qualifiedByName = "eventTime")
  DiagnosisResource.SplitFigures split(SourceDiagnosis.SplitDiagnosis split);

  @Mapping(target = "watermark", source = "watermark", qualifiedByName = "eventTime")
  @Mapping(target = "nextFiring", source = "nextFiring", qualifiedByName = "eventTime")
  DiagnosisResource.WindowFigures window(WindowDiagnosis window);

  @Mapping(target = "watermark", source = "watermark", qualifiedByName = "eventTime")
  DiagnosisResource.HolderFigures holder(WindowDiagnosis.Holder holder);

  @Mapping(target = "path", source = "place.path")
  @Mapping(target = "line", source = "place.line", qualifiedByName = "position")
  @Mapping(target = "column", source = "place.column", qualifiedByName = "position")
  @Mapping(target = "hint", source = "remedy")
  DiagnosticResource diagnostic(Diagnostic finding);

  @Mapping(target = "startedAt", source = "started")
  @Mapping(target = "changedAt", source = "changed")
  OperationResource operation(Operation operation);

  @Mapping(target = "hint", source = "remedy")
  OperationResource.OperationErrorResource error(OperationError error);

  default String id(OperationId id) {
    return id.value();
  }

  default String id(JobId id) {
    return id.value();
  }

  /** In place of numbers that mean nothing. */
  default MetricsResource.Distribution distribution(HistogramSummary histogram) {
    return histogram.count() == 0
        ? new MetricsResource.Distribution(0, null, null, null, null)
        : new MetricsResource.Distribution(
            histogram.count(), histogram.mean(), histogram.p50(), histogram.p99(), histogram.max());
  }

  default JobResource.HistoryEntry entry(JobEvent event) {
    String type = event.getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "_$1");
    return new JobResource.HistoryEntry(
        event.at(), type.toUpperCase(Locale.ROOT), event.describe());
  }

  default @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  /** The ends of the scale are states, not times. */
  @Named("eventTime")
  default @Nullable Instant eventTime(@Nullable Long epochMillis) {
    return epochMillis == null || epochMillis == Long.MIN_VALUE || epochMillis == Long.MAX_VALUE
        ? null
        : Instant.ofEpochMilli(epochMillis);
  }

  @Named("inputEnded")
  default boolean inputEnded(long watermark) {
    return watermark == Long.MAX_VALUE;
  }

  @Named("lag")
  default @Nullable Long lag(long millis) {
    return millis < 0 ? null : millis;
  }

  @Named("position")
  default @Nullable Integer position(int number) {
    return number > 0 ? number : null;
  }

  @Named("submittedAt")
  default @Nullable Instant submittedAt(List<JobEvent> history) {
    return history.isEmpty() ? null : history.get(0).at();
  }

  @Named("startedAt")
  default @Nullable Instant startedAt(List<JobEvent> history) {
    for (JobEvent event : history) {
      if (event instanceof JobEvent.Started) {
        return event.at();
      }
    }
    return null;
  }

  @Named("endedAt")
  default @Nullable Instant endedAt(List<JobEvent> history) {
    JobEvent last = history.isEmpty() ? null : history.get(history.size() - 1);
    return last instanceof JobEvent.Ended ? last.at() : null;
  }
}
