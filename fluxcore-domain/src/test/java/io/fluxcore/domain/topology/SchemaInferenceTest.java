package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaInferenceTest {
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new AssertionError("no regular expressions here");
          });

  private static StreamTopology.Builder open() {
    return StreamTopology.builder().source("in", SourceConfig.connector("any").build());
  }

  private static String fields(StreamTopology topology, String output) {
    TopologyAnalysis analysis = TopologyAnalysis.of(topology, Map.of(), EXPRESSIONS);
    assertThat(analysis.findings()).filteredOn(d -> d.isError()).isEmpty();
    return String.valueOf(analysis.output(PortRef.parse(output)));
  }

  @Test
  void openSource_hasTheFieldsThatAreUsed() {
    StreamTopology topology =
        open()
            .transform("big", TransformConfig.filter().withExpression("importance > 5").build())
            .window("window", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate(
                "count", AggregateConfig.count().sum("amount").withGroupBy("eventType").build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(fields(topology, "in"))
        .isEqualTo("(importance double, eventType string, amount double)");
    assertThat(fields(topology, "count"))
        .isEqualTo(
            "(eventType string, window_start timestamp_tz, window_end timestamp_tz, count long,"
                + " sum_amount double)");
    assertThat(fields(topology, "count.late")).isEqualTo(fields(topology, "in"));
  }

  @Test
  void useThatDemandsAType_winsOverAnEarlierOneThatDoesNot() {
    StreamTopology topology =
        open()
            .transform("key", TransformConfig.keyBy("user"))
            .transform("big", TransformConfig.filter().withExpression("user > 5").build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(fields(topology, "in")).isEqualTo("(user double)");
  }

  @Test
  void declaredFieldsOfAnOpenSource_keepTheirTypes() {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "in",
                SourceConfig.connector("any")
                    .withSchema(Schema.open(new Field("user", DataType.LONG)))
                    .withTimestampField("at")
                    .build())
            .transform("key", TransformConfig.keyBy("user", "host"))
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(fields(topology, "in")).isEqualTo("(user long, at timestamp_tz, host string)");
  }

  @Test
  void demands_goBackThroughRenamesAndProjections() {
    StreamTopology topology =
        open()
            .transform("rename", TransformConfig.rename().withField("u", "user").build())
            .transform("map", TransformConfig.map().withField("y", "x + 1").build())
            .transform("project", TransformConfig.project().withField("who", "user").build())
            .transform("big", TransformConfig.filter().withExpression("who > 5").build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(fields(topology, "in")).isEqualTo("(u double, x double)");
    assertThat(fields(topology, "big")).isEqualTo("(who double)");
  }

  @Test
  void plainFieldsOfAProjection_takeEveryValue() {
    StreamTopology topology =
        open()
            .transform("project", TransformConfig.project().withFields("a", "b").build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(fields(topology, "project")).isEqualTo("(a nested, b nested)");
  }
}
