package io.fluxcore.examples.quickstart;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;

/** Counts important events by type, over the last five minutes, every minute. */
public final class QuickStart {
  private final FluxCoreService fluxCoreService;

  public QuickStart(FluxCoreService fluxCoreService) {
    this.fluxCoreService = fluxCoreService;
  }

  /** Submits the job and tells its status. */
  public JobStatus run() {
    // spotless:off
    StreamTopology topology = StreamTopology.builder()
        .source("kafka-source", SourceConfig.kafka().withTopic("events").withConsumerGroup("stream-processor").build())
        .transform("filter-events", TransformConfig.filter().withPredicate(event -> event.getValue("importance") > 5).build())
        .window("sliding-window", WindowConfig.sliding().withDuration(Duration.ofMinutes(5)).withSlide(Duration.ofMinutes(1)).build())
        .aggregate("count-by-type", AggregateConfig.count().withGroupBy("eventType").build())
        .sink("elasticsearch-sink", SinkConfig.elasticsearch().withIndex("event-stats").withBatchSize(100).build())
        .build();
    JobConfig jobConfig = JobConfig.builder().name("event-analytics").parallelism(4)
        .checkpointInterval(Duration.ofSeconds(30))
        .restartStrategy(RestartStrategy.fixedDelay(3, Duration.ofSeconds(10))).build();
    JobId jobId = fluxCoreService.submitJob(topology, jobConfig);
    JobStatus status = fluxCoreService.getJobStatus(jobId);
    // spotless:on
    return status;
  }
}
