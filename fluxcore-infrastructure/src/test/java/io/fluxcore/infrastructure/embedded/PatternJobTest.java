package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.RuleDesk;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.control.JobRules;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.topology.PatternConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns in real jobs. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PatternJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(LONG_SECONDS);

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows alerts = new LiveJobs.Rows();
  private final LiveJobs.Rows timeouts = new LiveJobs.Rows();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private static Pattern from(int first, int then) {
    return Pattern.begin("a")
        .where("value = " + first)
        .followedBy("b")
        .where("value = " + then + " and value > first(a.value)")
        .within(Duration.ofMinutes(1));
  }

  private StreamTopology topology(FedSource source, PatternConfig.Builder rules) {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .pattern("rules", rules.withKey("key").build())
        .sink("alerts", SinkConfig.custom(alerts).build())
        .sink("timeouts", SinkConfig.custom(timeouts).build(), "rules.timeout")
        .build();
  }

  private static List<String> told(LiveJobs.Rows rows) {
    return rows.rows.stream()
        .map(row -> row.replaceFirst("^\\+I\\{key=(\\d+), rule=(\\w+), .*", "$1 $2"))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rules_areAddedChangedAndRemoved_othersKeepTheirPartialMatches(int parallelism)
      throws Exception {
    FedSource source = new FedSource("a");
    JobId id =
        jobs.run(
            topology(
                source,
                PatternConfig.patterns()
                    .withRule("stays", from(1, 5))
                    .withRule("changes", from(1, 6))
                    .withRule("goes", from(1, 7))),
            LiveJobs.config().parallelism(2).build());
    for (long key = 0; key < 8; key++) {
      source.feed("a", T, key, 1);
    }
    source.feed("a", T + 10_000, 99, 0);
    await(() -> jobs.counts(id, "rules").rowsIn() >= 8);

    JobConfig next = LiveJobs.config().version("2").parallelism(parallelism).build();
    PatternConfig.Builder changed =
        PatternConfig.patterns()
            .withRule("stays", from(1, 5))
            .withRule("changes", from(1, 6).within(Duration.ofSeconds(59)))
            .withRule("comes", from(1, 8));
    assertThat(jobs.service.submitJob(topology(source, changed), next)).isEqualTo(id);
    for (long key = 0; key < 4; key++) {
      for (long value = 5; value <= 8; value++) {
        source.feed("a", T + 20_000 + value, key, value);
      }
    }
    source.feed("a", T + 30_000, 9, 1).feed("a", T + 30_001, 9, 8);
    source.end();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);

    assertThat(told(alerts)).containsExactly("0 stays", "1 stays", "2 stays", "3 stays", "9 comes");
    assertThat(told(timeouts))
        .containsExactly("4 stays", "5 stays", "6 stays", "7 stays", "9 changes", "9 stays");
  }

  @Test
  void ruleDesk_changesRulesOfARunningJob() throws Exception {
    FedSource source = new FedSource("a");
    RuleDesk desk = new JobRules((JobControl) jobs.service);
    JobId id =
        jobs.run(
            topology(
                source,
                PatternConfig.patterns()
                    .withRule("stays", from(1, 5))
                    .withRule("goes", from(1, 5))));
    source.feed("a", T, 1, 1);
    source.feed("a", T + 10_000, 99, 0);
    await(() -> jobs.counts(id, "rules").rowsIn() >= 1);

    desk.put(id, "rules", new PatternRule("comes", from(2, 5)));
    desk.remove(id, "rules", "goes");

    assertThat(desk.list(id, "rules"))
        .extracting(PatternRule::id)
        .containsExactly("stays", "comes");
    assertThat(jobs.service.getJob(id).config().version()).isEqualTo("1+rules.2");
    source.feed("a", T + 20_000, 2, 2).feed("a", T + 20_001, 1, 5).feed("a", T + 20_002, 2, 5);
    source.end();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(told(alerts)).containsExactly("1 stays", "2 comes");
  }

  @Test
  void ruleThatDoesNotFit_isRefused_andTheJobGoesOn() throws Exception {
    FedSource source = new FedSource("a");
    RuleDesk desk = new JobRules((JobControl) jobs.service);
    JobId id = jobs.run(topology(source, PatternConfig.patterns().withRule("one", from(1, 5))));

    assertThatThrownBy(
            () ->
                desk.put(id, "rules", new PatternRule("bad", Pattern.begin("a").where("valu > 1"))))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("valu");
    assertThatThrownBy(() -> desk.remove(id, "rules", "one"))
        .hasMessageContaining("FLX-PATTERN-0013");
    assertThatThrownBy(() -> desk.remove(id, "rules", "none"))
        .hasMessageContaining("FLX-PATTERN-0024")
        .hasMessageContaining("[one]");
    assertThatThrownBy(() -> desk.list(id, "alerts")).hasMessageContaining("FLX-PATTERN-0024");

    assertThat(jobs.service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(jobs.service.getJob(id).config().version()).isEqualTo("1");
  }
}
