package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.DOUBLE;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;
import static io.fluxcore.domain.event.DataType.TIMESTAMP_TZ;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Functions that ask the clock, chance or the stream: equal rows may give different results. */
final class OutsideFunctions {
  private static final long VERSION_MASK = 0xffff_ffff_ffff_0fffL;
  private static final String WATERMARK = "current_watermark";

  /** The end of the input is shown as the last millisecond that four digits of a year can name. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final long MICROS = 1000;

  private OutsideFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        new Asking(
            "now",
            "now() → timestamp_tz",
            "What the clock shows; the same for all rows of a batch.",
            0,
            OutsideFunctions::now),
        new Asking(
            "rand",
            "rand([seed]) → double",
            "A number from 0 to below 1; with a literal seed the same row of numbers each time that"
                + " the job starts.",
            1,
            OutsideFunctions::rand),
        new Asking(
            "rand_integer",
            "rand_integer([seed,] bound) → long",
            "A whole number from 0 to below the bound.",
            2,
            OutsideFunctions::randInteger),
        new Asking(
            "uuid",
            "uuid() → string",
            "A universally unique identifier of version 4 (RFC 4122).",
            0,
            OutsideFunctions::uuid),
        new Asking(
            WATERMARK,
            WATERMARK + "() → timestamp_tz",
            "The watermark of the filter, route or projection that computes it, as it was before"
                + " the batch of the row; null while it has none.",
            0,
            OutsideFunctions::currentWatermark));
  }

  /** A function that is never deterministic. */
  private record Asking(
      String name, String signature, String description, int most, StandardFunction.Binder binder)
      implements ScalarFunction {
    @Override
    public boolean isDeterministic() {
      return false;
    }

    @Override
    public @Nullable DataType demand(int argument) {
      return LONG;
    }

    @Override
    public Binding bind(List<? extends Operand> arguments, ExpressionContext context) {
      int least = name.equals("rand_integer") ? 1 : 0;
      Arguments.expectCount(this, arguments, least, most);
      if (!name.equals(WATERMARK)) {
        context.outside().require();
      }
      return binder.bind(this, arguments, context);
    }

    @Override
    public String toString() {
      return signature;
    }
  }

  private static ScalarFunction.Binding now(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    Outside outside = context.outside();
    return new ScalarFunction.Binding(
        TIMESTAMP_TZ,
        List.of(),
        (rows, operands) -> {
          long[] values = new long[rows.rowCount()];
          Arrays.fill(values, Values.micros(outside.now()));
          return new LongColumn(TIMESTAMP_TZ, values.length, values, null);
        });
  }

  private static ScalarFunction.Binding currentWatermark(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    Outside outside = context.outside();
    return new ScalarFunction.Binding(
        TIMESTAMP_TZ,
        List.of(),
        (rows, operands) -> {
          long watermark = outside.watermark();
          int count = rows.rowCount();
          long[] values = new long[count];
          if (watermark < Long.MIN_VALUE / MICROS) {
            long[] nulls = NullBits.create(count);
            for (int row = 0; row < count; row++) {
              NullBits.set(nulls, row);
            }
            return new LongColumn(TIMESTAMP_TZ, count, values, nulls);
          }
          Arrays.fill(values, Math.min(watermark, LAST_MILLIS) * MICROS);
          return new LongColumn(TIMESTAMP_TZ, count, values, null);
        });
  }

  /** Random longs: of a literal seed those of its generator, else those of chance. */
  private static LongSupplier longs(
      ScalarFunction function, @Nullable Operand seed, ExpressionContext context) {
    if (seed == null) {
      return context.outside()::random;
    }
    if (seed.isConstant() && seed.constant() instanceof Long number) {
      Random random = new Random(number);
      return random::nextLong;
    }
    throw Arguments.mismatch(function, "needs a literal number for the seed");
  }

  private static double fraction(long random) {
    return (random >>> 11) * 0x1p-53;
  }

  private static ScalarFunction.Binding rand(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    LongSupplier longs = longs(function, arguments.isEmpty() ? null : arguments.get(0), context);
    return new ScalarFunction.Binding(
        DOUBLE,
        arguments.isEmpty() ? List.of() : List.of(LONG),
        StandardFunction.nullableBody("rand", DOUBLE, values -> fraction(longs.getAsLong())));
  }

  private static ScalarFunction.Binding randInteger(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    boolean hasSeed = arguments.size() == 2;
    LongSupplier longs = longs(function, hasSeed ? arguments.get(0) : null, context);
    return new ScalarFunction.Binding(
        LONG,
        hasSeed ? List.of(LONG, LONG) : List.of(LONG),
        StandardFunction.body(
            "rand_integer",
            LONG,
            values -> {
              long bound = (Long) values[values.length - 1];
              if (bound <= 0) {
                throw new IllegalArgumentException("the bound " + bound + " is not positive");
              }
              return (long) (fraction(longs.getAsLong()) * bound);
            }));
  }

  private static ScalarFunction.Binding uuid(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    Outside outside = context.outside();
    return new ScalarFunction.Binding(
        STRING,
        List.of(),
        StandardFunction.nullableBody(
            "uuid",
            STRING,
            values ->
                new UUID(
                        (outside.random() & VERSION_MASK) | 0x4000L,
                        (outside.random() >>> 2) | Long.MIN_VALUE)
                    .toString()));
  }
}
