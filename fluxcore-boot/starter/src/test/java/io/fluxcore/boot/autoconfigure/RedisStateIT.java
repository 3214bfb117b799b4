package io.fluxcore.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.out.memory.MemorySinkConnector;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.runtime.kit.RedisServer;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Jobs of an application whose state is in a real Redis, which goes away and comes back. */
@Timeout(300)
class RedisStateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long EVENTS = 60_000;

  private static ApplicationContextRunner runner(RedisServer server) {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(FluxCoreAutoConfiguration.class))
        .withPropertyValues(
            "fluxcore.state.redis.uri=" + server.uri(),
            "fluxcore.state.redis.timeout=5s",
            "fluxcore.state.redis.cache=16KB");
  }

  /** Windows of 10,000 events, whose keys are many. */
  private static StreamTopology topology(String sink, long rate) {
    return StreamTopology.builder()
        .source(
            "in",
            SourceConfig.generator()
                .withCount(EVENTS)
                .withRate(rate)
                .with(
                    "fields",
                    Map.of(
                        "user", Map.of("kind", "uniform", "min", 0, "max", 5_000, "type", "long")))
                .build())
        .window("window", WindowConfig.tumbling().withDuration(Duration.ofSeconds(10)).build())
        .aggregate("count", AggregateConfig.count().withGroupBy("user").build())
        .sink("out", SinkConfig.memory().withName(sink).with("maxRows", 1_000_000).build())
        .build();
  }

  private static JobConfig config(String name, String backend) {
    return JobConfig.builder()
        .name(name)
        .parallelism(2)
        .stateBackend(backend)
        .checkpointInterval(Duration.ofMillis(200))
        .restartStrategy(RestartStrategy.fixedDelay(1_000, Duration.ofMillis(100)))
        .build();
  }

  /** Counts by window and user; a window that was given twice was the same. */
  private static Map<String, Long> counts(String sink) {
    Map<String, Long> counts = new TreeMap<>();
    for (EventRecord row : MemorySinkConnector.rows(sink)) {
      String key = row.get("window_start") + " " + row.get("user");
      Long before = counts.put(key, row.getLong("count"));
      assertThat(before == null || before == row.getLong("count")).as(key).isTrue();
    }
    return counts;
  }

  @Test
  void job_givesTheSameAsOnTheHeap_andLeavesNothingInRedis() throws IOException {
    try (RedisServer server = RedisServer.startOwn()) {
      runner(server)
          .run(
              context -> {
                FluxCoreService service = context.getBean(FluxCoreService.class);
                for (String backend : new String[] {"heap", "redis"}) {
                  MemorySinkConnector.clear(backend);
                  JobId id = service.submitJob(topology(backend, 0), config(backend, backend));
                  assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
                }
              });
      Map<String, Long> counts = counts("redis");
      assertThat(counts).isEqualTo(counts("heap")).hasSizeGreaterThan(20_000);
      assertThat(counts.values().stream().mapToLong(n -> n).sum()).isEqualTo(EVENTS);
      assertThat(server.ask("DBSIZE")).isEqualTo(":0");
    }
  }

  @Test
  void redisThatIsKilled_restartsTheJob_andNothingIsLost() {
    try (RedisServer server = RedisServer.startOwn()) {
      runner(server)
          .run(
              context -> {
                FluxCoreService service = context.getBean(FluxCoreService.class);
                MemorySinkConnector.clear("killed");
                JobId id = service.submitJob(topology("killed", 10_000), config("killed", "redis"));
                for (int kill = 1; kill <= 3; kill++) {
                  long checkpoints = service.getJob(id).metrics().checkpoints();
                  while (service.getJob(id).metrics().checkpoints() < checkpoints + 2
                      && service.awaitEnd(id, Duration.ofMillis(20)) != JobStatus.FINISHED) {
                    assertThat(service.getJobStatus(id)).isNotEqualTo(JobStatus.FAILED);
                  }
                  server.kill();
                  long restarts = service.getJob(id).metrics().restarts();
                  while (service.getJob(id).metrics().restarts() == restarts) {
                    assertThat(service.awaitEnd(id, Duration.ofMillis(20)))
                        .isNotEqualTo(JobStatus.FAILED);
                  }
                  server.restart();
                }
                assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
                assertThat(service.getJob(id).metrics().restarts()).isGreaterThanOrEqualTo(3);
              });
      assertThat(counts("killed").values().stream().mapToLong(n -> n).sum()).isEqualTo(EVENTS);
      assertThat(server.ask("DBSIZE")).isEqualTo(":0");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
