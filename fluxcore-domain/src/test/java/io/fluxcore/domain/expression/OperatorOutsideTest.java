package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import org.junit.jupiter.api.Test;

class OperatorOutsideTest {
  private static final Schema SCHEMA = Schema.of(new Field("v", DataType.LONG));

  private static EventBatch rows() {
    EventBatchBuilder batch = new EventBatchBuilder(SCHEMA, 2);
    batch.row(RowKind.INSERT, 1, 1L);
    batch.row(RowKind.INSERT, 2, 2L);
    return batch.build();
  }

  private static CompiledExpression watermark(Outside outside) {
    return Expression.parse("epoch_millis(current_watermark())")
        .compile(SCHEMA, ExpressionContext.of(new JdkRegexCompiler()).withOutside(outside));
  }

  private static Column evaluated(CompiledExpression expression) {
    return expression.evaluate(
        rows(),
        (row, error) -> {
          throw new AssertionError(error);
        });
  }

  @Test
  void watermark_isNullBeforeTheFirst_andThenTheLast() {
    OperatorOutside outside = new OperatorOutside(Outside.NONE);
    CompiledExpression expression = watermark(outside);
    assertThat(evaluated(expression).isNull(1)).isTrue();
    outside.advance(-7);
    assertThat(evaluated(expression).get(1)).isEqualTo(-7L);
    outside.advance(Long.MAX_VALUE);
    assertThat(evaluated(expression).get(0)).isEqualTo(253_402_300_799_999L);
    assertThat(expression.isDeterministic()).isFalse();
  }

  @Test
  void watermark_whereNoneComesBy_isAnError() {
    CompiledExpression expression = watermark(Outside.NONE);
    assertThatThrownBy(() -> evaluated(expression))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in a filter, a route or a projection");
  }
}
