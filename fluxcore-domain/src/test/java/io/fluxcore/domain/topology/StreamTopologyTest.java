package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamTopologyTest {
  private static StreamTopology.Builder clicks() {
    return StreamTopology.builder().source("clicks", SourceConfig.connector("memory").build());
  }

  private static List<String> inputs(StreamTopology topology) {
    return topology.nodes().stream().map(n -> n.name() + "←" + n.inputs()).toList();
  }

  @Test
  void sequence_isAChain() {
    StreamTopology topology =
        clicks()
            .transform("big", TransformConfig.filter().withExpression("x > 1").build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(inputs(topology)).containsExactly("clicks←[]", "big←[clicks]", "out←[big]");
  }

  @Test
  void nodeAfterASink_readsTheNodeBeforeIt() {
    StreamTopology topology =
        clicks()
            .sink("all", SinkConfig.console().build())
            .transform("big", TransformConfig.filter().withExpression("x > 1").build())
            .sink("some", SinkConfig.console().build())
            .build();
    assertThat(inputs(topology))
        .containsExactly("clicks←[]", "all←[clicks]", "big←[clicks]", "some←[big]");
  }

  @Test
  void namedUpstream_makesAGraph() {
    StreamTopology topology =
        clicks()
            .source("views", SourceConfig.connector("memory").build())
            .transform("all", TransformConfig.union(), "clicks", "views")
            .transform("split", TransformConfig.route().withBranch("errors", "x > 1").build())
            .sink("bad", SinkConfig.console().build(), "split.errors")
            .sink("good", SinkConfig.console().build(), "split")
            .build();
    assertThat(inputs(topology))
        .containsExactly(
            "clicks←[]",
            "views←[]",
            "all←[clicks, views]",
            "split←[all]",
            "bad←[split.errors]",
            "good←[split]");
  }

  @Test
  void topologyOfText_isPortableAndEqualByItsWords() {
    StreamTopology one = clicks().sink("out", SinkConfig.console().build()).build();
    StreamTopology same = clicks().sink("out", SinkConfig.console().build()).build();
    StreamTopology other = clicks().sink("out", SinkConfig.memory().build()).build();
    assertThat(one.isPortable()).isTrue();
    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
    assertThat(one.saysTheSameAs(same)).isTrue();
    assertThat(one.saysTheSameAs(other)).isFalse();
  }

  @Test
  void code_bindsTheTopology() {
    StreamTopology topology = bound(new BoundSource() {}, new BoundSink() {});
    assertThat(topology.isPortable()).isFalse();
    assertThat(topology.boundParts())
        .containsExactly(
            "'in': custom source",
            "'f': predicate lambda",
            "'m': map lambda",
            "'fm': flatMap lambda",
            "'r': predicate lambda of port 'a'",
            "'p': peek lambda",
            "'out': custom sink");
  }

  private static StreamTopology bound(BoundSource source, BoundSink sink) {
    Schema x = Schema.of(new Field("x", DataType.LONG));
    return StreamTopology.builder()
        .source("in", SourceConfig.custom(source).build())
        .transform("f", TransformConfig.filter().withPredicate(e -> true).build())
        .transform("m", TransformConfig.map().withFunction(e -> Map.of(), x).build())
        .transform(
            "fm",
            TransformConfig.flatMap()
                .withFunction((event, out) -> out.emit(1L))
                .withSchema(x)
                .build())
        .transform("r", TransformConfig.route().withBranch("a", e -> true).build())
        .transform("p", TransformConfig.peek().withAction(e -> {}).build())
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  @Test
  void boundTopologies_sayTheSameWhenOnlyTheirCodeDiffers() {
    StreamTopology one = bound(new BoundSource() {}, new BoundSink() {});
    StreamTopology two = bound(new BoundSource() {}, new BoundSink() {});
    assertThat(one).isNotEqualTo(two);
    assertThat(one.saysTheSameAs(two)).isTrue();
  }

  @Test
  void declaration_printsInTheWordsOfJobFiles() {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "log",
                SourceConfig.file()
                    .withPath("a.log")
                    .withTimestampField("time")
                    .withSchema(Schema.of(new Field("time", DataType.LONG)))
                    .build())
            .transform("f", TransformConfig.filter().withPredicate(e -> true).build())
            .transform("k", TransformConfig.keyBy("host", "path"))
            .transform("n", TransformConfig.rename().withField("a", "b").build())
            .transform("m", TransformConfig.map().withField("c", "a + 1").build())
            .transform("p", TransformConfig.project().withField("c").withField("d", "c*2").build())
            .transform("r", TransformConfig.route().withBranch("big", "c > 5").build())
            .window(
                "w",
                WindowConfig.sliding()
                    .withDuration(Duration.ofDays(2))
                    .withSlide(Duration.ofMillis(1500))
                    .withOffset(Duration.ofHours(-1))
                    .withAllowedLateness(Duration.ofSeconds(90))
                    .withAccumulation(Accumulation.RETRACTING)
                    .withTime(TimeCharacteristic.PROCESSING)
                    .build())
            .aggregate(
                "a", AggregateConfig.count().sum("c").as("total").withGroupBy("d", "host").build())
            .sink(
                "out",
                SinkConfig.connector("jdbc").with("url", "x").with("password", "hunter2").build())
            .build();
    assertThat(topology.toString())
        .isEqualTo(
            """
            log: file {path=a.log} (time long) timestamp time
            f: filter λ ← log
            k: keyBy host, path ← f
            n: rename a to b ← k
            m: map *, a + 1 as c ← n
            p: project c, c*2 as d ← m
            r: route big if c > 5 ← p
            w: sliding window size 2d slide 1500ms offset -1h lateness 90s retracting \
            processing time ← r
            a: count(*) as count, sum(c) as total by d, host ← w
            out: jdbc {url=x, password=***} ← a
            """);
  }

  @Test
  void typedFronts_areNeutralOptions() {
    assertThat(SourceConfig.kafka().withTopic("t").withConsumerGroup("g").build().connector())
        .isEqualTo(new ConnectorSpec("kafka", Map.of("topic", "t", "consumerGroup", "g")));
    assertThat(SinkConfig.elasticsearch().withIndex("i").withBatchSize(5).build().connector())
        .isEqualTo(new ConnectorSpec("elasticsearch", Map.of("index", "i", "batchSize", 5)));
    assertThat(SourceConfig.kafka().with("any", true).build().connector().options())
        .containsEntry("any", true);
  }

  @Test
  void aggregates_areNamedByTheirFunctionUnlessTold() {
    AggregateConfig config =
        AggregateConfig.builder()
            .count()
            .count("a")
            .countDistinct("a")
            .sum("a")
            .average("a")
            .min("a")
            .max("a")
            .as("top")
            .build();
    assertThat(config.aggregations().stream().map(c -> c.output()))
        .containsExactly(
            "count", "count_a", "count_distinct_a", "sum_a", "average_a", "min_a", "top");
    assertThatThrownBy(() -> AggregateConfig.builder().as("x"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void mapOfBothFunctionAndFields_isRefused() {
    assertThatThrownBy(
            () ->
                TransformConfig.map()
                    .withField("a", "1")
                    .withFunction(e -> Map.of(), Schema.of())
                    .build())
        .hasMessageContaining("not both");
  }

  @Test
  void typedCondition_isTextUnlessItHoldsCode() {
    Condition portable =
        Condition.and(Condition.greaterThan("x", 5), Condition.contains("host", "a"));
    TransformConfig.Filter text = TransformConfig.filter().withCondition(portable).build();
    assertThat(text.criterion())
        .isEqualTo(new Criterion.Text(portable.toExpression().orElseThrow().toString()));
    TransformConfig.Filter code =
        TransformConfig.filter().withCondition(Condition.custom(e -> true)).build();
    assertThat(code.criterion()).isInstanceOf(Criterion.Code.class);
    TransformConfig.Route mixed =
        TransformConfig.route()
            .withBranch("a", portable)
            .withBranch("b", Condition.not(Condition.custom(e -> true)))
            .build();
    assertThat(mixed.boundParts()).containsExactly("predicate lambda of port 'b'");
    assertThat(mixed.branches().get(1).criterion()).isInstanceOf(Criterion.Mixed.class);
  }
}
