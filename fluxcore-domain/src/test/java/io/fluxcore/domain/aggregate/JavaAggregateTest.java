package io.fluxcore.domain.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.code.UserAggregate;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JavaAggregateTest {
  /** A sum and how many there were: a record, which is replaced. */
  public record Sum(double sum, int count) {}

  /** The average of values, in which one that is null does not count. */
  public static final class Average implements UserAggregate<Double, Sum> {
    @Override
    public Sum createAccumulator() {
      return new Sum(0, 0);
    }

    @Override
    public Double getValue(Sum sum) {
      return sum.count() == 0 ? null : sum.sum() / sum.count();
    }

    @Override
    public Sum merge(Sum left, Sum right) {
      return new Sum(left.sum() + right.sum(), left.count() + right.count());
    }

    public Sum accumulate(Sum sum, int value) {
      return new Sum(sum.sum() + value, sum.count() + 1);
    }

    public Sum retract(Sum sum, int value) {
      return new Sum(sum.sum() - value, sum.count() - 1);
    }
  }

  /** Has nothing to accumulate with. */
  public static final class Without implements UserAggregate<Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long getValue(Long sum) {
      return sum;
    }

    @Override
    public Long merge(Long left, Long right) {
      return left + right;
    }
  }

  private static Object restarted(JavaAggregate aggregate, Object accumulator) {
    try {
      StateSerializer<Object> serializer = aggregate.serializer();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      serializer.write(accumulator, new DataOutputStream(bytes));
      return serializer.read(
          new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), serializer.version());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void values_inAnySplit_withRestarts_giveTheSame() {
    JavaAggregate average = JavaAggregate.ofClass(Average.class.getName());
    assertThat(average.resultType(DataType.LONG)).isEqualTo(DataType.DOUBLE);
    assertThat(average.canRetract()).isTrue();
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Object left = average.create();
      Object right = average.create();
      List<Long> values = new ArrayList<>();
      for (int i = 0; i < random.nextInt(20); i++) {
        Long value = random.nextInt(5) == 0 ? null : (Long) (long) random.nextInt(100);
        if (random.nextBoolean()) {
          left = average.accumulate(left, value);
        } else {
          right = average.accumulate(right, value);
        }
        if (value != null) {
          values.add(value);
        }
        left = random.nextInt(4) == 0 ? restarted(average, left) : left;
      }
      Object all = average.merge(left, right);
      if (!values.isEmpty() && random.nextBoolean()) {
        all = average.retract(all, values.remove(0));
      }
      Object expected =
          values.isEmpty()
              ? null
              : (Object) values.stream().mapToLong(v -> v).average().getAsDouble();
      assertThat(average.result(all)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void listOfValues_takesBackWhatWasAddedBeforeARestart() {
    JavaAggregate list = JavaAggregate.ofClass(ListOfValues.class.getName());
    Object values = list.create();
    assertThat(list.result(values)).isNull();
    for (Object value : Arrays.asList("a", null, LocalDate.of(2024, 2, 29), "a", 1L)) {
      values = list.accumulate(values, value);
    }
    values = restarted(list, values);
    values = list.retract(values, LocalDate.of(2024, 2, 29));
    values = list.retract(values, "a");
    values = list.retract(values, "never there");
    assertThat(list.result(values)).isEqualTo(Arrays.asList("a", null, 1L));
    assertThat(list.result(list.merge(values, list.accumulate(list.create(), "z"))))
        .isEqualTo(Arrays.asList("a", null, 1L, "z"));
  }

  @Test
  void mapOfValues_hasTheLastOfEachKey() {
    JavaAggregate map = JavaAggregate.ofClass(MapOfValues.class.getName());
    Object pairs = map.create();
    pairs = map.accumulate(pairs, List.of("a", 1L));
    pairs = map.accumulate(pairs, List.of("b", 2L));
    pairs = restarted(map, map.accumulate(pairs, List.of("a", 3L)));
    assertThat(map.result(pairs)).isEqualTo(Map.of("a", 3L, "b", 2L));
    pairs = map.retract(pairs, List.of("a", 3L));
    assertThat(map.result(pairs)).isEqualTo(Map.of("a", 1L, "b", 2L));
  }

  @Test
  void catalogue_findsClassesByTheirNames() {
    assertThat(AggregateCatalogue.EMPTY.find(Average.class.getName())).isNotNull();
    assertThat(AggregateCatalogue.EMPTY.find("average")).isNull();
    assertThatThrownBy(() -> AggregateCatalogue.EMPTY.find("no.such.Class"))
        .hasMessageContaining("FLX-CODE-0001");
    assertThatThrownBy(() -> AggregateCatalogue.EMPTY.find(Without.class.getName()))
        .hasMessageContaining("accumulate");
    assertThatThrownBy(() -> AggregateCatalogue.EMPTY.find("java.lang.String"))
        .hasMessageContaining("it is no function");
  }
}
