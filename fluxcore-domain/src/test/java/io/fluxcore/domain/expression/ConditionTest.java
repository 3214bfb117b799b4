package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.RowErrors;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {

  private static String text(Condition condition) {
    return condition.toExpression().orElseThrow().toString();
  }

  private static boolean passes(Condition condition) {
    int[] rows = new int[1];
    return condition
            .compile(Sample.SCHEMA, Sample.CONTEXT)
            .select(Sample.BATCH, rows, RowErrors.THROW)
        == 1;
  }

  @Test
  void portableConditions_areExpressions() {
    assertThat(text(Condition.equalTo("a", 5))).isEqualTo("a = 5");
    assertThat(text(Condition.notEqualTo("a b", "it's"))).isEqualTo("\"a b\" <> 'it''s'");
    assertThat(text(Condition.greaterThan("a", 1.5))).isEqualTo("a > 1.5e0");
    assertThat(text(Condition.greaterOrEqual("a", new BigDecimal("1.50")))).isEqualTo("a >= 1.50");
    assertThat(text(Condition.lessThan("a", new BigDecimal("1E+3")))).isEqualTo("a < 1000.");
    assertThat(text(Condition.lessOrEqual("a", Double.NaN)))
        .isEqualTo("a <= cast('NaN' as double)");
    assertThat(text(Condition.between("a", LocalDate.of(2024, 1, 1), LocalDate.of(2024, 2, 1))))
        .isEqualTo("a between date '2024-01-01' and date '2024-02-01'");
    assertThat(text(Condition.contains("a", "'%_"))).isEqualTo("contains(a, '''%_')");
    assertThat(text(Condition.startsWith("a", "x"))).isEqualTo("starts_with(a, 'x')");
    assertThat(text(Condition.matching("a", "^x.*\\d'"))).isEqualTo("regexp_like(a, '^x.*\\d''')");
    assertThat(text(Condition.isNull("and"))).isEqualTo("\"and\" is null");
    assertThat(text(Condition.in("a", List.of("x", "y")))).isEqualTo("a in ('x', 'y')");
    assertThat(text(Condition.equalTo("a", LocalDateTime.of(2024, 1, 1, 0, 0))))
        .isEqualTo("a = timestamp '2024-01-01 00:00:00'");
    assertThat(text(Condition.equalTo("a", Instant.EPOCH)))
        .isEqualTo("a = timestamp '1970-01-01T00:00:00Z'");
    assertThat(text(Condition.equalTo("a", Long.MIN_VALUE))).isEqualTo("a = -9223372036854775808");
  }

  @Test
  void joinedConditions_keepTheirGrouping() {
    Condition a = Condition.equalTo("a", 1);
    Condition b = Condition.equalTo("b", true);
    Condition c = Condition.expression("x > 1 or y > 1");
    assertThat(text(Condition.and(a, Condition.or(b, c))))
        .isEqualTo("a = 1 and (b = true or x > 1 or y > 1)");
    assertThat(text(Condition.not(Condition.and(a, c))))
        .isEqualTo("not (a = 1 and (x > 1 or y > 1))");
    assertThat(text(Condition.and())).isEqualTo("true");
    assertThat(text(Condition.or())).isEqualTo("false");
    assertThat(text(Condition.and(a))).isEqualTo("a = 1");
  }

  @Test
  void code_isNotPortable_butRuns() {
    Condition code = Condition.custom(event -> event.getLong("seven") == 7);
    assertThat(code.isPortable()).isFalse();
    assertThat(Condition.and(code, Condition.isNull("nolong")).toExpression()).isEmpty();
    assertThat(passes(code)).isTrue();
    assertThat(passes(Condition.not(code))).isFalse();
    assertThat(passes(Condition.and(Condition.isNull("nolong"), code))).isTrue();
    assertThat(passes(Condition.or(Condition.isNull("seven"), code))).isTrue();
    assertThat(passes(Condition.and(code, Condition.equalTo("hello", "x")))).isFalse();
    assertThat(passes(Condition.equalTo("hello", "hello"))).isTrue();
  }

  @Test
  void codeThatThrows_failsTheRow() {
    List<String> errors = new ArrayList<>();
    Condition broken =
        Condition.not(
            Condition.custom(
                event -> {
                  throw new IllegalStateException("no");
                }));
    int count =
        broken
            .compile(Sample.SCHEMA, Sample.CONTEXT)
            .select(Sample.BATCH, new int[1], (row, error) -> errors.add(row + error.code()));
    assertThat(count).isZero();
    assertThat(errors).containsExactly("1FLX-EXPR-0105");
  }

  @Test
  void wrongConditions_areErrorsThatNameThem() {
    Condition both =
        Condition.and(
            Condition.custom(event -> true),
            Condition.equalTo("hello", 5),
            Condition.contains("seven", "x"));
    assertThatThrownBy(() -> both.compile(Sample.SCHEMA, Sample.CONTEXT))
        .hasMessageContaining("hello = 5, line 1, column 7")
        .hasMessageContaining("contains(seven, 'x')");
    assertThatThrownBy(() -> Condition.equalTo("a", new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
    assertThatThrownBy(() -> Condition.in("a", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Condition.equalTo("a", new BigDecimal("1E+50")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
