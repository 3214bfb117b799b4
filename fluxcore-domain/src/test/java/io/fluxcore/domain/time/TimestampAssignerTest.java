package io.fluxcore.domain.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimestampAssignerTest {
  private static final WatermarkStrategy ONE_DAY = WatermarkStrategy.monotonous();
  private static final long NOW = 1_000_000;

  private final List<Integer> failed = new ArrayList<>();
  private final RowErrors errors = (row, error) -> failed.add(row);

  private static TimestampAssigner ofField(DataType type, WatermarkStrategy strategy) {
    return new TimestampAssigner(
        TimeCharacteristic.EVENT, Schema.of(new Field("t", type)), "t", strategy);
  }

  private static EventBatch batch(DataType type, long nulls, long... values) {
    LongColumn column =
        new LongColumn(type, values.length, values, nulls == 0 ? null : new long[] {nulls});
    return EventBatch.of(
        Schema.of(new Field("t", type)),
        new Column[] {column},
        new long[values.length],
        values.length);
  }

  @Test
  void longField_isMilliseconds() {
    EventBatch in = batch(DataType.LONG, 0, -1, 0, Long.MIN_VALUE + 1, 7);
    TimestampAssigner assigner = ofField(DataType.LONG, ONE_DAY);
    EventBatch out = assigner.assign(in, NOW, errors);
    assertThat(out.timestamps()).containsExactly(-1, 0, Long.MIN_VALUE + 1, 7);
    assertThat(assigner.largest()).isEqualTo(7);
    assertThat(failed).isEmpty();
  }

  @Test
  void timestampField_isMicroseconds_roundedDown() {
    for (DataType type : List.of(DataType.TIMESTAMP, DataType.TIMESTAMP_TZ)) {
      EventBatch out =
          ofField(type, ONE_DAY).assign(batch(type, 0, -1, -1000, 0, 999, 1000), NOW, errors);
      assertThat(out.timestamps()).containsExactly(-1, -1, 0, 0, 1);
    }
  }

  @Test
  void nullAndNoTimestamp_areReportedAndLeftOut() {
    EventBatch out =
        ofField(DataType.LONG, ONE_DAY)
            .assign(batch(DataType.LONG, 0b10, 5, 0, Long.MIN_VALUE, 6), NOW, errors);
    assertThat(failed).containsExactly(1, 2);
    assertThat(out.size()).isEqualTo(2);
    assertThat(out.selection()).startsWith(0, 3);
  }

  @Test
  void absurdFuture_isReported_andMovesNothing() {
    TimestampAssigner assigner =
        ofField(DataType.LONG, ONE_DAY.withMaxFuture(Duration.ofMillis(10)));
    EventBatch out =
        assigner.assign(batch(DataType.LONG, 0, NOW + 10, NOW + 11, Long.MAX_VALUE), NOW, errors);
    assertThat(failed).containsExactly(1, 2);
    assertThat(out.size()).isEqualTo(1);
    assertThat(assigner.largest()).isEqualTo(NOW + 10);
  }

  @Test
  void absurdFuture_withoutBound_orAtTheEndOfTime_isTaken() {
    EventBatch in = batch(DataType.LONG, 0, Long.MAX_VALUE);
    assertThat(ofField(DataType.LONG, ONE_DAY.withMaxFuture(null)).assign(in, NOW, errors).size())
        .isEqualTo(1);
    assertThat(ofField(DataType.LONG, ONE_DAY).assign(in, Long.MAX_VALUE - 1, errors).size())
        .isEqualTo(1);
  }

  @Test
  void emptyBatch_staysEmpty() {
    TimestampAssigner assigner = ofField(DataType.LONG, ONE_DAY);
    assertThat(assigner.assign(batch(DataType.LONG, 0), NOW, errors).isEmpty()).isTrue();
    assertThat(assigner.largest()).isEqualTo(EventBatch.NO_TIMESTAMP);
  }

  @Test
  void ingestion_stampsTheTimeOfReading() {
    TimestampAssigner assigner =
        new TimestampAssigner(TimeCharacteristic.INGESTION, Schema.of(), null, ONE_DAY);
    EventBatch in = EventBatch.of(Schema.of(), new Column[0], new long[2], 2);
    assertThat(assigner.assign(in, NOW, errors).timestamps()).containsExactly(NOW, NOW);
    assertThat(assigner.largest()).isEqualTo(NOW);
  }

  @Test
  void ownTimestamps_stay_alsoWhereThereIsNone() {
    TimestampAssigner assigner =
        new TimestampAssigner(TimeCharacteristic.EVENT, Schema.of(), null, ONE_DAY);
    EventBatch in = EventBatch.of(Schema.of(), new Column[0], new long[] {Long.MIN_VALUE, 3}, 2);
    assertThat(assigner.assign(in, NOW, errors).size()).isEqualTo(2);
    assertThat(failed).isEmpty();
    assertThat(assigner.largest()).isEqualTo(3);
  }

  @Test
  void fieldThatIsNoTime_isRefused() {
    assertThatThrownBy(() -> ofField(DataType.STRING, ONE_DAY))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("'t' is string");
    assertThatThrownBy(
            () -> new TimestampAssigner(TimeCharacteristic.EVENT, Schema.of(), "u", ONE_DAY))
        .hasMessageContaining("no field 'u'");
  }

  private static TimestampAssigner computed(DataType type, long nulls, long... values) {
    return new TimestampAssigner(
        TimeCharacteristic.EVENT,
        Schema.of(new Field("t", DataType.LONG)),
        null,
        (batch, errors) -> batch(type, nulls, values).column(0),
        ONE_DAY);
  }

  @Test
  void computedTime_isThatOfTheRow() {
    EventBatch in = batch(DataType.LONG, 0, 1, 2, 3);
    assertThat(computed(DataType.LONG, 0, 7, 8, 9).assign(in, NOW, errors).timestamps())
        .containsExactly(7, 8, 9);
    assertThat(computed(DataType.TIMESTAMP, 0, 1000, 2999, -1).assign(in, NOW, errors).timestamps())
        .containsExactly(1, 2, -1);
    assertThat(failed).isEmpty();
  }

  @Test
  void computedTimeThatIsNull_isReportedOnce_andTheRowLeftOut() {
    EventBatch in = batch(DataType.LONG, 0, 1, 2, 3);
    EventBatch out = computed(DataType.LONG, 0b010, 7, 0, 9).assign(in, NOW, errors);
    assertThat(out.size()).isEqualTo(2);
    assertThat(failed).containsExactly(1);
  }

  @Test
  void timeThatCannotBeComputed_isReportedOnce_withItsOwnError() {
    EventBatch in = batch(DataType.LONG, 0, 1, 2);
    TimestampAssigner assigner =
        new TimestampAssigner(
            TimeCharacteristic.EVENT,
            Schema.of(new Field("t", DataType.LONG)),
            null,
            (batch, reported) -> {
              reported.failed(0, new RecordException("FLX-EXPR-0103", "division by zero"));
              return batch(DataType.LONG, 0b01, 0, 9).column(0);
            },
            ONE_DAY);
    List<String> told = new ArrayList<>();
    EventBatch out = assigner.assign(in, NOW, (row, error) -> told.add(row + error.getMessage()));
    assertThat(out.size()).isEqualTo(1);
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith("0").contains("division by zero");
  }
}
