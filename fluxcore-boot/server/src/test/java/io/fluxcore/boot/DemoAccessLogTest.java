package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.infrastructure.embedded.EmbeddedRuntime;
import io.fluxcore.infrastructure.embedded.EmbeddedSettings;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo's job over an access log to which nothing is added any more, at a clock of the test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DemoAccessLogTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final ConnectorRegistry REGISTRY =
      ConnectorRegistry.load(DemoAccessLogTest.class.getClassLoader());

  private final AtomicLong nowMillis = new AtomicLong(START.toEpochMilli());
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis.get());

  private FluxCoreService service() {
    return new JobControl(
        new Planner(
            REGISTRY,
            new ConnectorServices(FluxCore.expressions().regex()),
            FluxCore.expressions()),
        new EmbeddedRuntime(
            new InMemoryDeadLetters(10), StateBackends.HEAP_ONLY, EmbeddedSettings.DEFAULT, clock),
        new InMemoryJobStore(),
        CheckpointStorage.inMemory(clock),
        clock,
        FluxCore::newJobId);
  }

  /** The demo's job, which however reads what is in the log already. */
  private static JobFile demo(Path log) throws Exception {
    try (InputStream file =
        DemoAccessLogTest.class.getClassLoader().getResourceAsStream("demo/access-log.yaml")) {
      assertThat(file).isNotNull();
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains("start: end ");
      return new JobFileReader(REGISTRY)
          .parse(
              "access-log.yaml",
              text.replace("start: end ", "start: beginning "),
              Map.of("log", log.toString()));
    }
  }

  @Test
  void silentLog_stillGivesTheMinute(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("access.log");
    String line =
        "127.0.0.1 - - [01/Mar/2026:12:00:00 +0000] \"GET /a?b HTTP/1.1\" %d 7 \"-\" \"-\"\n";
    Files.writeString(log, line.formatted(200) + line.formatted(404));
    FluxCoreService service = service();
    JobFile job = demo(log);
    JobId id = service.submitJob(job.topology(), job.config());
    List<EventRecord> minutes = new ArrayList<>();
    try (ResultSubscription results = service.subscribe(id, SubscribeOptions.of("per-minute"))) {
      while (service.getMetrics(id).operators().stream()
          .noneMatch(o -> o.operatorId().equals("log") && o.counts().rowsIn() == 2)) {
        Thread.onSpinWait();
      }
      nowMillis.addAndGet(Duration.ofSeconds(70).toMillis());
      while (minutes.size() < 12) {
        for (ResultRow row : results.poll(100, Duration.ofMillis(20))) {
          minutes.add(row.row());
        }
      }
    } finally {
      service.cancelJob(id);
      service.awaitEnd(id, Duration.ofMinutes(1));
    }
    assertThat(minutes).hasSize(12);
    assertThat(minutes).allSatisfy(m -> assertThat(m.get("requests")).isEqualTo(2L));
    assertThat(minutes).allSatisfy(m -> assertThat(m.get("errors")).isEqualTo(1L));
  }
}
