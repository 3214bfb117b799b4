package io.fluxcore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuickStartTest {
  private static final Path EXAMPLE =
      Path.of("src/main/java/io/fluxcore/examples/quickstart/QuickStart.java");
  private static final Path PAGE = Path.of("../../docs/quick-start.md");

  @Test
  void page_showsTheLinesOfTheExample() throws IOException {
    List<String> example = between(EXAMPLE, "// spotless:off", "// spotless:on");
    List<String> page = between(PAGE, "```java", "```");
    assertThat(page).isNotEmpty().isEqualTo(example);
  }

  /** The stripped lines between the first line that is the one and the next that is the other. */
  private static List<String> between(Path file, String first, String last) throws IOException {
    List<String> lines = Files.readAllLines(file).stream().map(String::strip).toList();
    int start = lines.indexOf(first) + 1;
    int length = lines.subList(start, lines.size()).indexOf(last);
    return lines.subList(start, start + length);
  }

  @Test
  void example_submitsItsTopology() {
    List<Object> submitted = new ArrayList<>();
    FluxCoreService service =
        (FluxCoreService)
            Proxy.newProxyInstance(
                FluxCoreService.class.getClassLoader(),
                new Class<?>[] {FluxCoreService.class},
                (proxy, method, arguments) -> {
                  submitted.addAll(List.of(arguments));
                  return method.getName().equals("submitJob") ? JobId.of(0, 1) : JobStatus.RUNNING;
                });

    assertThat(new QuickStart(service).run()).isEqualTo(JobStatus.RUNNING);

    StreamTopology topology = (StreamTopology) submitted.get(0);
    assertThat(topology)
        .hasToString(
            """
            kafka-source: kafka {topic=events, consumerGroup=stream-processor}
            filter-events: filter λ ← kafka-source
            sliding-window: sliding window size 5m slide 1m ← filter-events
            count-by-type: count(*) as count by eventType ← sliding-window
            elasticsearch-sink: elasticsearch {index=event-stats, batchSize=100} ← count-by-type
            """);
    JobConfig config = (JobConfig) submitted.get(1);
    assertThat(config.name()).isEqualTo("event-analytics");
    assertThat(config.parallelism()).isEqualTo(4);
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.restartStrategy())
        .isEqualTo(RestartStrategy.fixedDelay(3, Duration.ofSeconds(10)));
    assertThat(submitted.get(2)).isEqualTo(JobId.of(0, 1));
  }
}
