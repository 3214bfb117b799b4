package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.join.JoinType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Joins of a topology: what is wrong with them, and which fields they give. */
class JoinConfigTest {
  private static final ExpressionContext EXPRESSIONS = ExpressionContext.of(new JdkRegexCompiler());

  private static final Schema ORDERS =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("amount", DataType.LONG)
          .field("user", DataType.STRING)
          .build();

  private static final Schema PAYMENTS =
      Schema.builder()
          .field("order", DataType.LONG)
          .field("paid", DataType.LONG)
          .field("user", DataType.STRING)
          .build();

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static TopologyAnalysis analysis(JoinConfig join) {
    return TopologyAnalysis.of(
        StreamTopology.builder()
            .source("orders", SourceConfig.connector("a").withSchema(ORDERS).build())
            .source("payments", SourceConfig.connector("a").withSchema(PAYMENTS).build())
            .join("join", join, "orders", "payments")
            .sink("out", SinkConfig.connector("b").build())
            .build(),
        Map.of(),
        EXPRESSIONS);
  }

  private static List<String> codes(JoinConfig join) {
    return analysis(join).findings().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::code)
        .toList();
  }

  private static JoinConfig.JoinBuilder interval() {
    return JoinConfig.interval(MINUTE.negated(), MINUTE);
  }

  private static List<String> output(JoinConfig join) {
    return Objects.requireNonNull(analysis(join).output(new PortRef("join", NodeConfig.MAIN_PORT)))
        .fieldNames();
  }

  private static JoinConfig on(JoinConfig.JoinBuilder builder, String left, String right) {
    return builder.withOn(left, right).build();
  }

  @Test
  void results_haveTheFieldsOfBothInputs() {
    assertThat(output(on(interval(), "id", "order")))
        .containsExactly("id", "amount", "user", "right_order", "right_paid", "right_user");
    assertThat(output(on(interval().withType(JoinType.SEMI), "id", "order")))
        .containsExactly("id", "amount", "user");
    WindowConfig minutes = WindowConfig.tumbling().withDuration(MINUTE).build();
    assertThat(output(on(JoinConfig.window(minutes).withType(JoinType.ANTI), "id", "order")))
        .containsExactly("id", "amount", "user", "window_start", "window_end");
  }

  @Test
  void soundJoins_areAccepted() {
    assertThat(codes(on(interval().withCondition("amount <= right_paid"), "id", "order")))
        .isEmpty();
    assertThat(codes(on(JoinConfig.temporal().withTimeToLive(MINUTE), "user", "user"))).isEmpty();
    assertThat(codes(on(JoinConfig.table().withType(JoinType.LEFT), "user", "user"))).isEmpty();
  }

  @Test
  void lateMatches_areOfIntervalJoins() {
    JoinConfig join = on(interval().withLateMatches(Duration.ofMinutes(10)), "id", "order");
    assertThat(codes(join)).isEmpty();
    assertThat(join.describe()).contains("interval -1m to 1m, late rows match 10m longer");
    assertThatThrownBy(() -> JoinConfig.temporal().withLateMatches(MINUTE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("temporal");
  }

  @Test
  void allRows_areOfTablesOfNow() {
    JoinConfig join = on(JoinConfig.table().withAllRows().withTimeToLive(MINUTE), "id", "order");
    assertThat(join.describe()).contains("table of all rows for 1m");
    assertThat(join.takesUpserts(JoinType.RIGHT_INPUT)).isFalse();
    assertThatThrownBy(() -> JoinConfig.temporal().withAllRows())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("temporal");
  }

  @Test
  void joinWithTable_takesBackWhatItGave_whereItsLeftRowsAreTakenBack() {
    JoinConfig join = on(JoinConfig.table(), "id", "order");
    List<Changes> changes = List.of(Changes.retracts(List.of("id")), Changes.appends());
    assertThat(join.takes(JoinType.LEFT_INPUT)).isEqualTo(Changes.Mode.RETRACT);
    assertThat(join.changes(changes)).isEqualTo(Changes.retracts(List.of("id")));
    assertThat(join.changes(List.of(Changes.appends(), Changes.appends())).isAppend()).isTrue();
    assertThat(join.usesAllFields(JoinType.LEFT_INPUT, changes.get(0))).isTrue();
    assertThat(join.usesAllFields(JoinType.LEFT_INPUT, Changes.appends())).isFalse();
  }

  @Test
  void wrongSettings_areToldWithTheirCodes() {
    assertThat(codes(JoinConfig.table().build())).contains("FLX-TOPO-0021");
    assertThat(codes(on(interval().withRightPrefix(""), "id", "order"))).contains("FLX-TOPO-0060");
    assertThat(codes(on(JoinConfig.table().withType(JoinType.FULL), "id", "order")))
        .containsExactly("FLX-TOPO-0061");
    assertThat(codes(on(JoinConfig.table().withLateOutput(), "id", "order")))
        .containsExactly("FLX-TOPO-0062");
    assertThat(
            codes(
                on(
                    JoinConfig.window(WindowConfig.session().withGap(MINUTE).build()),
                    "id",
                    "order")))
        .containsExactly("FLX-TOPO-0063");
    assertThat(codes(on(JoinConfig.window(WindowConfig.tumbling().build()), "id", "order")))
        .containsExactly("FLX-TOPO-0064");
    assertThat(codes(on(JoinConfig.interval(MINUTE, Duration.ZERO), "id", "order")))
        .containsExactly("FLX-TOPO-0065");
    assertThat(codes(on(JoinConfig.interval(Duration.ZERO, Duration.ofNanos(5)), "id", "order")))
        .containsExactly("FLX-TOPO-0066");
    assertThat(codes(on(interval().withAllowedLateness(MINUTE.negated()), "id", "order")))
        .containsExactly("FLX-TOPO-0067");
    assertThat(codes(on(interval().withLateMatches(MINUTE.negated()), "id", "order")))
        .containsExactly("FLX-TOPO-0067");
    assertThat(codes(on(interval(), "id", "nothing"))).containsExactly("FLX-TOPO-0017");
    assertThat(codes(on(interval(), "id", "user"))).containsExactly("FLX-TOPO-0069");
    assertThat(codes(on(interval().withCondition("amount <= paid"), "id", "order"))).isNotEmpty();
  }

  @Test
  void unboundedJoin_saysWhatItsRowsDo() {
    Changes appends = Changes.appends();
    Changes upserts = Changes.retracts(List.of("id"));
    Changes others = Changes.retracts(List.of("order"));
    JoinConfig inner = on(JoinConfig.unbounded(), "id", "order");
    assertThat(codes(inner)).isEmpty();
    assertThat(inner.changes(List.of(appends, appends))).isEqualTo(appends);
    assertThat(inner.changes(List.of(upserts, appends))).isEqualTo(Changes.retracts(null));
    assertThat(inner.changes(List.of(upserts, others)))
        .isEqualTo(Changes.retracts(List.of("id", "right_order")));
    JoinConfig anti = on(JoinConfig.unbounded().withType(JoinType.ANTI), "id", "order");
    assertThat(anti.changes(List.of(upserts, appends))).isEqualTo(Changes.retracts(List.of("id")));
    assertThat(codes(on(JoinConfig.unbounded().withLateOutput(), "id", "order")))
        .containsExactly("FLX-TOPO-0062");
  }

  @Test
  void tableThatIsNamedByAnotherKey_isRefused() {
    JoinConfig join = on(JoinConfig.temporal(), "user", "user");
    assertThatThrownBy(() -> JoinCheck.requireTableOfKey(join, Changes.retracts(List.of("order"))))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("primary key");
    JoinCheck.requireTableOfKey(join, Changes.retracts(List.of("user")));
    JoinCheck.requireTableOfKey(join, Changes.appends());
  }

  @Test
  void closestRow_givesFieldsOfBoth_byTheKeyOfTheLeft() {
    JoinConfig join = on(JoinConfig.asOf("amount >= paid").withType(JoinType.LEFT), "id", "order");
    assertThat(codes(join)).isEmpty();
    assertThat(output(join))
        .containsExactly("id", "amount", "user", "right_order", "right_paid", "right_user");
    assertThat(join.changes(List.of(Changes.upserts(List.of("id")), Changes.appends())))
        .isEqualTo(Changes.retracts(List.of("id")));
    assertThat(join.changes(List.of(Changes.appends(), Changes.upserts(List.of("order")))))
        .isEqualTo(Changes.retracts(null));
    assertThat(join.describe()).contains("as of amount >= paid");
  }

  @Test
  void closestRow_whatItCannotBe_isTold() {
    JoinConfig.JoinBuilder closest = JoinConfig.asOf("amount >= paid");
    assertThat(codes(on(closest.withType(JoinType.FULL), "id", "order")))
        .containsExactly("FLX-TOPO-0061");
    assertThat(codes(on(JoinConfig.asOf("amount >= paid").withCondition("id > 3"), "id", "order")))
        .containsExactly("FLX-TOPO-0080");
    assertThat(codes(on(JoinConfig.asOf("amount >= user"), "id", "order")))
        .containsExactly("FLX-TOPO-0069");
    assertThat(codes(on(JoinConfig.asOf("amont >= paid"), "id", "order")))
        .containsExactly("FLX-TOPO-0017");
    assertThat(codes(on(JoinConfig.asOf("amount >= paid").withTies("nothing"), "id", "order")))
        .containsExactly("FLX-TOPO-0017");
    assertThat(
            codes(
                on(JoinConfig.asOf("amount >= paid").withTies("user", "user desc"), "id", "order")))
        .containsExactly("FLX-TOPO-0020");
    assertThat(
            codes(on(JoinConfig.asOf("amount >= paid").withAllowedLateness(MINUTE), "id", "order")))
        .containsExactly("FLX-TOPO-0062");
    assertThat(
            codes(
                new JoinConfig(
                    JoinType.INNER,
                    new JoinBound.AsOf(null, List.of(), null),
                    Map.of("id", "order"),
                    null,
                    "",
                    "right_",
                    Duration.ZERO,
                    false,
                    null)))
        .containsExactly("FLX-TOPO-0021");
  }
}
