package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.MemoryLookup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lookup joins of a topology: what is wrong with them, and which fields they give. */
class LookupConfigTest {
  private static final ExpressionContext EXPRESSIONS = ExpressionContext.of(new JdkRegexCompiler());

  private static final Schema ORDERS =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("user", DataType.STRING)
          .field("tags", DataType.NESTED)
          .build();

  private static LookupConfig.Builder sound() {
    return JoinConfig.lookup("a").withOn("user", "name").withField("plan", DataType.STRING);
  }

  private static TopologyAnalysis analysis(JoinNode join, List<String> primaryKey) {
    SourceConfig.Builder orders = SourceConfig.connector("a").withSchema(ORDERS);
    if (!primaryKey.isEmpty()) {
      orders.withPrimaryKey(primaryKey.toArray(String[]::new));
    }
    return TopologyAnalysis.of(
        StreamTopology.builder()
            .source("orders", orders.build())
            .transform("join", join)
            .sink("out", SinkConfig.connector("b").build())
            .build(),
        Map.of(),
        EXPRESSIONS);
  }

  private static List<String> codes(JoinNode join) {
    return analysis(join, List.of()).findings().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::code)
        .toList();
  }

  private static List<String> output(LookupConfig join) {
    PortRef main = new PortRef("join", NodeConfig.MAIN_PORT);
    return Objects.requireNonNull(analysis(join, List.of()).output(main)).fieldNames();
  }

  @Test
  void results_haveTheFieldsOfTheRow_andThoseOfTheTable() {
    assertThat(output(sound().build())).containsExactly("id", "user", "tags", "right_plan");
    assertThat(output(sound().withLeftPrefix("o_").withRightPrefix("").build()))
        .containsExactly("o_id", "o_user", "o_tags", "plan");
    assertThat(codes(sound().build())).isEmpty();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("FLX-TOPO-0021", JoinConfig.lookup("a").withField("x", DataType.LONG)),
        Arguments.of("FLX-TOPO-0021", JoinConfig.lookup("a").withOn("user")),
        Arguments.of("FLX-TOPO-0017", sound().withOn("usr", "other")),
        Arguments.of("FLX-TOPO-0019", sound().withOn("tags", "other")),
        Arguments.of("FLX-TOPO-0020", sound().withOn("id", "name")),
        Arguments.of("FLX-TOPO-0060", sound().withRightPrefix("")),
        Arguments.of("FLX-TOPO-0061", sound().withType(JoinType.FULL)),
        Arguments.of("FLX-TOPO-0061", sound().withType(JoinType.ANTI)),
        Arguments.of("FLX-TOPO-0067", sound().withTimeout(Duration.ZERO)),
        Arguments.of("FLX-TOPO-0067", sound().withTimeout(Duration.ofDays(2))),
        Arguments.of("FLX-TOPO-0067", sound().withCache(1, Duration.ZERO)),
        Arguments.of(
            "FLX-TOPO-0067", sound().withCache(1, Duration.ofDays(1), Duration.ofDays(-1))),
        Arguments.of("FLX-TOPO-0068", sound().withRightPrefix("us").withField("er", DataType.LONG)),
        Arguments.of("FLX-TOPO-0069", sound().withField("name", DataType.LONG)),
        Arguments.of("FLX-TOPO-0098", sound().withInFlight(0)),
        Arguments.of("FLX-TOPO-0098", sound().withKeysPerCall(10_001)),
        Arguments.of("FLX-TOPO-0098", sound().withCache(0, Duration.ofDays(1))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrong_isTold(String code, LookupConfig.Builder lookup) {
    assertThat(codes(lookup.build())).contains(code);
  }

  @Test
  void tableInMemory_isCheckedAlike_andRowsStayWhereTheyAre() {
    FullLookupConfig.Builder sound =
        JoinConfig.fullLookup("a").withOn("user", "name").withField("plan", DataType.STRING);
    assertThat(sound.build().isStateless()).isTrue();
    assertThat(sound.build().describe())
        .isEqualTo("inner lookup in a, which is held in memory, on user = name, gets plan");
    assertThat(codes(sound.withMostRows(0).withReload(Duration.ZERO).withRightPrefix("").build()))
        .containsExactlyInAnyOrder("FLX-TOPO-0098", "FLX-TOPO-0067", "FLX-TOPO-0060");
  }

  @Test
  void updates_areRefused_sinceWhatFormerRowsFoundIsNotKnown() {
    LookupConfig join = sound().build();
    assertThat(join.takes(0)).isEqualTo(Changes.Mode.APPEND);
    assertThat(analysis(join, List.of("id")).findings())
        .filteredOn(Diagnostic::isError)
        .isNotEmpty()
        .allMatch(finding -> finding.toString().contains("join"));
  }

  @Test
  void ownLookup_bindsTheTopology() {
    assertThat(sound().build().boundParts()).isEmpty();
    assertThat(JoinConfig.lookup(new MemoryLookup(1)).withOn("user").build().boundParts())
        .containsExactly("custom lookup");
  }

  @Test
  void description_tellsWhatIsAsked_withoutSecrets() {
    assertThat(
            sound()
                .with("url", "jdbc:x")
                .with("password", "geheim")
                .withType(JoinType.LEFT)
                .inAnyOrder()
                .withCache(10, Duration.ofMinutes(5))
                .build()
                .describe())
        .isEqualTo(
            "left lookup in a {url=jdbc:x, password=***}, on user = name, gets plan, in any order,"
                + " cache 5m");
  }
}
