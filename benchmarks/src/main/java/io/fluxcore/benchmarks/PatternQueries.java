package io.fluxcore.benchmarks;

import io.fluxcore.application.connector.Source;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.PatternConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.Map;

/**
 * Benchmark queries of patterns: three stages per key, the second of which looks back at the first,
 * as one rule for all keys or as many rules, each for the keys of one category. Both find the same.
 */
public final class PatternQueries {
  /** Events of the pattern queries. */
  public static final Schema EVENTS =
      Schema.builder()
          .field("key", DataType.LONG)
          .field("category", DataType.LONG)
          .field("kind", DataType.STRING)
          .field("price", DataType.LONG)
          .field("id", DataType.LONG)
          .build();

  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final Map<String, String> MEASURES =
      Map.of("first_id", "first(a.id)", "last_id", "last(c.id)");

  private PatternQueries() {}

  /** One rule. */
  public static StreamTopology oneRule(Source source, ResultSink sink) {
    return topology(
        source,
        sink,
        PatternConfig.patterns().withRule(new PatternRule("all", stages(""), MEASURES)));
  }

  /** A rule for each category. */
  public static StreamTopology manyRules(Source source, ResultSink sink, int rules) {
    PatternConfig.Builder patterns = PatternConfig.patterns();
    for (int r = 0; r < rules; r++) {
      Pattern pattern = stages("category = " + r + " and ");
      patterns.withRule(new PatternRule("category " + r, pattern, MEASURES));
    }
    return topology(source, sink, patterns);
  }

  private static Pattern stages(String also) {
    return Pattern.begin("a")
        .where(also + "kind = 'a'")
        .followedBy("b")
        .where(also + "kind = 'b' and price > first(a.price)")
        .followedBy("c")
        .where(also + "kind = 'c'")
        .within(WITHIN);
  }

  private static StreamTopology topology(
      Source source, ResultSink sink, PatternConfig.Builder patterns) {
    return StreamTopology.builder()
        .source(
            "events",
            SourceConfig.custom(source)
                .withWatermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(1)))
                .build())
        .pattern("patterns", patterns.withKey("key").withEventFields("id").build())
        .sink("matches", SinkConfig.custom(sink).build())
        .build();
  }
}
