package io.fluxcore.domain.rowpattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Aggregates over values that differ. */
class MatchAggregateTest {
  private static @Nullable Object result(MatchAggregate aggregate, @Nullable Object... values) {
    Object state = null;
    for (Object value : values) {
      state = aggregate.with(state, new @Nullable Object[] {value});
    }
    return aggregate.result(state, aggregate.type(List.of(DataType.LONG)));
  }

  @Test
  void eachValueCountsOnce_nullsAreAValueInLists() {
    @Nullable Object[] values = {3L, null, 5L, 3L, null, 4L};
    assertThat(result(MatchAggregate.COUNT_DISTINCT, values)).isEqualTo(3L);
    assertThat(result(MatchAggregate.SUM_DISTINCT, values)).isEqualTo(12L);
    assertThat(result(MatchAggregate.AVG_DISTINCT, values)).isEqualTo(4.0);
    assertThat(result(MatchAggregate.COLLECT_DISTINCT, values))
        .isEqualTo(Arrays.asList(3L, null, 5L, 4L));
  }

  @Test
  void withoutValues_itIsAsWithoutDistinct() {
    assertThat(result(MatchAggregate.COUNT_DISTINCT)).isEqualTo(0L);
    assertThat(result(MatchAggregate.COUNT_DISTINCT, (Object) null)).isEqualTo(0L);
    assertThat(result(MatchAggregate.SUM_DISTINCT)).isNull();
    assertThat(result(MatchAggregate.COLLECT_DISTINCT)).isNull();
  }

  @Test
  void stateThatIsShared_isNotChanged() {
    Object three = MatchAggregate.COUNT_DISTINCT.with(null, new Object[] {3L});
    Object both = MatchAggregate.COUNT_DISTINCT.with(three, new Object[] {4L});
    assertThat(MatchAggregate.COUNT_DISTINCT.result(three, DataType.LONG)).isEqualTo(1L);
    assertThat(MatchAggregate.COUNT_DISTINCT.result(both, DataType.LONG)).isEqualTo(2L);
  }

  @Test
  void distinct_isTheSameWhereItMakesNoDifference() {
    assertThat(MatchAggregate.MAX.distinct()).isSameAs(MatchAggregate.MAX);
    assertThat(MatchAggregate.SUM.distinct()).isSameAs(MatchAggregate.SUM_DISTINCT);
    assertThat(MatchAggregate.SUM_DISTINCT.ofAll()).isSameAs(MatchAggregate.SUM);
  }
}
