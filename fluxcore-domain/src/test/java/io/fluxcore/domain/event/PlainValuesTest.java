package io.fluxcore.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainValuesTest {
  private static @Nullable Object parse(DataType type, @Nullable Object plain) {
    return PlainValues.parse(new Field("f", type), plain);
  }

  private static void roundTrip(DataType type, Object value) {
    assertThat(parse(type, PlainValues.plain(value))).isEqualTo(value);
  }

  @Test
  void everyType_comesBack() {
    roundTrip(DataType.BOOLEAN, true);
    roundTrip(DataType.LONG, Long.MIN_VALUE);
    roundTrip(DataType.LONG, Long.MAX_VALUE);
    roundTrip(DataType.DOUBLE, 0.1);
    roundTrip(DataType.DOUBLE, -0.0);
    roundTrip(DataType.DOUBLE, Double.NaN);
    roundTrip(DataType.DOUBLE, Double.POSITIVE_INFINITY);
    roundTrip(DataType.DOUBLE, Double.NEGATIVE_INFINITY);
    roundTrip(DataType.decimal(38, 10), new BigDecimal("1234567890123456789012345678.0123456789"));
    roundTrip(DataType.STRING, "");
    roundTrip(DataType.BYTES, new byte[] {0, -1, 7});
    roundTrip(DataType.DATE, LocalDate.of(-5, 2, 28));
    roundTrip(DataType.TIMESTAMP, LocalDateTime.of(2026, 3, 1, 0, 0, 0, 1_000));
    roundTrip(DataType.TIMESTAMP_TZ, Instant.parse("1969-12-31T23:59:59.999999Z"));
    roundTrip(DataType.NESTED, Map.of("a", List.of(1L, "x", true)));
    assertThat(parse(DataType.LONG, null)).isNull();
  }

  @Test
  void numbersOfJson_areTakenWhereTheyFit() {
    assertThat(parse(DataType.LONG, 7)).isEqualTo(7L);
    assertThat(parse(DataType.LONG, new BigDecimal("7.0"))).isEqualTo(7L);
    assertThat(parse(DataType.LONG, BigInteger.TEN)).isEqualTo(10L);
    assertThat(parse(DataType.DOUBLE, 7)).isEqualTo(7.0);
    assertThat(parse(DataType.decimal(5, 2), 7)).isEqualTo(new BigDecimal("7.00"));
    assertThat(parse(DataType.decimal(5, 2), 7.25)).isEqualTo(new BigDecimal("7.25"));
    assertThat(parse(DataType.NESTED, List.of(1, Map.of("a", 2))))
        .isEqualTo(List.of(1L, Map.of("a", 2L)));
  }

  @Test
  void whatDoesNotFit_isARecordError_thatNamesTheField() {
    Object[][] wrong = {
      {DataType.LONG, "7"},
      {DataType.LONG, 7.5},
      {DataType.LONG, new BigInteger("9223372036854775808")},
      {DataType.DOUBLE, "7"},
      {DataType.BOOLEAN, 1},
      {DataType.STRING, 1},
      {DataType.decimal(3, 1), 7.25},
      {DataType.decimal(3, 1), 100},
      {DataType.BYTES, "%"},
      {DataType.DATE, "2026-02-30"},
      {DataType.TIMESTAMP, "2026-02-03"},
      {DataType.TIMESTAMP_TZ, 5L}
    };
    for (Object[] one : wrong) {
      assertThatThrownBy(() -> parse((DataType) one[0], one[1]))
          .as("%s as %s", one[1], one[0])
          .isInstanceOf(RecordException.class)
          .hasMessageContaining("field 'f'")
          .hasMessageContaining(String.valueOf(one[1]));
    }
  }
}
