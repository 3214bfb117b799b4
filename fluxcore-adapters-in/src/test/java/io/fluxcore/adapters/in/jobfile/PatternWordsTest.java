package io.fluxcore.adapters.in.jobfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.pattern.AfterMatchSkip;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.pattern.WithinScope;
import io.fluxcore.domain.topology.PatternConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PatternWordsTest {
  private static final JobConfig PLAIN = JobConfig.builder().name("plain").build();

  private static StreamTopology topology(PatternConfig config) {
    return StreamTopology.builder()
        .source("events", SourceConfig.connector("plain").build())
        .pattern("patterns", config)
        .build();
  }

  private static StreamTopology read(String yaml) {
    return Connectors.reader().parse("written.yaml", yaml, Map.of()).topology();
  }

  static Stream<PatternConfig> configs() {
    Pattern stages =
        Pattern.begin("a")
            .where("x > 1")
            .or("y = 'b'")
            .times(2, 5, Duration.ofSeconds(3))
            .greedy()
            .notNext("no")
            .where("z")
            .next("b")
            .oneOrMore()
            .consecutive()
            .until("x = 0")
            .notFollowedBy("never")
            .where("x = 9")
            .followedBy("c")
            .times(0, 3)
            .allowCombinations()
            .followedByAny("d")
            .within(Duration.ofSeconds(2), WithinScope.PREVIOUS_AND_CURRENT)
            .optional()
            .followedBy("e")
            .within(Duration.ofMinutes(5));
    Pattern group =
        Pattern.begin(Pattern.begin("x").next(Pattern.begin("y").followedBy("z")).timesOrMore(2))
            .oneOrMore()
            .followedByAny("end")
            .skip(AfterMatchSkip.skipToFirst("z").orFail());
    return Stream.of(
        PatternConfig.pattern(stages)
            .withKey("user", "device")
            .withMeasure("first", "first(a.x)")
            .withMeasure("n", "count(b)")
            .thenByDescending("seq")
            .withEventFields("x")
            .withLimits(new PatternLimits(5, 50, 7, PatternLimits.Policy.DROP_NEWEST))
            .build(),
        PatternConfig.patterns()
            .withRule("one", group)
            .withRule(
                new PatternRule(
                    "two",
                    Pattern.begin("a").skip(AfterMatchSkip.skipPastLastEvent()),
                    Map.of("m", "last(a.x)")))
            .withProcessingTime()
            .build());
  }

  @ParameterizedTest
  @MethodSource("configs")
  void pattern_isReadBackEqual(PatternConfig config) {
    String yaml = new JobFileWriter().yaml(topology(config), PLAIN);
    assertThat(read(yaml)).as(yaml).isEqualTo(topology(config));
  }

  @Test
  void stagesInYaml_areThoseOfTheBuilder() {
    StreamTopology read =
        read(
            """
            job: {name: plain}
            topology:
              - name: events
                source: {connector: plain}
              - name: patterns
                pattern:
                  key: user
                  stages:
                    - {begin: failed, where: not ok, times: 3}
                    - notFollowedBy: reset
                      where: action = 'reset'
                    - followedBy:
                        - {begin: login, where: ok}
                        - {next: pay}
                      atLeast: 1
                  within: 5m
                  skip: past-last-event
                  measures: {since: first(failed.at)}
            """);

    Pattern pattern =
        Pattern.begin("failed")
            .where("not ok")
            .times(3)
            .notFollowedBy("reset")
            .where("action = 'reset'")
            .followedBy(Pattern.begin("login").where("ok").next("pay"))
            .oneOrMore()
            .within(Duration.ofMinutes(5))
            .skip(AfterMatchSkip.skipPastLastEvent());
    assertThat(read)
        .isEqualTo(
            topology(
                PatternConfig.pattern(pattern)
                    .withKey("user")
                    .withMeasure("since", "first(failed.at)")
                    .build()));
  }

  @Test
  void wrongWords_areToldWithWhatIsKnown() {
    String yaml =
        """
        job: {name: plain}
        topology:
          - name: events
            source: {connector: plain}
          - name: patterns
            pattern:
              stages:
                - {begin: a, time: 3}
              skip: past-the-last-event
        """;
    assertThatThrownBy(() -> read(yaml))
        .hasMessageContaining("'time' is not known here")
        .hasMessageContaining("past-last-event");
  }
}
