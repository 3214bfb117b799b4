package io.fluxcore.domain.process;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.transform.Collector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A function that does something at random with its states and timers, as the seed in each event
 * says, and tells what it sees.
 */
final class RandomProgram implements KeyedProcessFunction {
  static final Schema OUTPUT =
      Schema.builder()
          .field("key", DataType.STRING)
          .field("what", DataType.STRING)
          .field("seen", DataType.STRING)
          .build();

  static final Schema SIDE = Schema.builder().field("number", DataType.LONG).build();

  private final StateDescriptor.OfValue<Long> value;
  private final StateDescriptor.OfReduction<Long> sum;
  private final StateDescriptor.OfAggregate<String, String, Integer> length;
  private final StateDescriptor.OfList<String> list;
  private final StateDescriptor.OfMap<String, Long> byText;
  private final StateDescriptor.OfMap<Long, String> byNumber;
  private final StateDescriptor.OfMap<Double, byte[]> byDouble;
  private final int throwPerCent;

  /** A program whose states live as a number says. */
  RandomProgram(int lives, int throwPerCent) {
    this.throwPerCent = throwPerCent;
    value = withLife(StateDescriptor.value("value", ValueType.LONG), life(lives));
    sum =
        StateDescriptor.reducing("sum", ValueType.LONG, Long::sum).withTimeToLive(life(lives + 1));
    length =
        StateDescriptor.aggregating("length", ValueType.STRING, new Length())
            .withTimeToLive(life(lives + 2));
    list = StateDescriptor.list("list", ValueType.STRING).withTimeToLive(life(lives + 3));
    byText =
        StateDescriptor.map("by-text", ValueType.STRING, ValueType.LONG)
            .withTimeToLive(life(lives + 4));
    byNumber =
        StateDescriptor.map("by-number", ValueType.LONG, ValueType.STRING)
            .withTimeToLive(life(lives));
    byDouble =
        StateDescriptor.map("by-double", ValueType.DOUBLE, ValueType.BYTES)
            .withTimeToLive(life(lives + 1));
  }

  private static <T> StateDescriptor.OfValue<T> withLife(
      StateDescriptor.OfValue<T> descriptor, TimeToLive life) {
    return descriptor.withTimeToLive(life);
  }

  private static TimeToLive life(int number) {
    return switch (number % 5) {
      case 0 -> TimeToLive.NEVER;
      case 1 -> TimeToLive.ofEventTime(Duration.ofMillis(25));
      case 2 -> TimeToLive.ofEventTime(Duration.ofMillis(40)).renewedByReads();
      case 3 -> TimeToLive.ofProcessingTime(Duration.ofMillis(15));
      default -> TimeToLive.ofProcessingTime(Duration.ofMillis(30)).renewedByReads();
    };
  }

  /** The number of characters added. */
  private static final class Length implements StateAggregate<String, String, Integer> {
    @Override
    public String create() {
      return "";
    }

    @Override
    public String add(String accumulator, String added) {
      return accumulator + added;
    }

    @Override
    public Integer result(String accumulator) {
      return accumulator.length();
    }
  }

  @Override
  public List<StateDescriptor<?>> states() {
    return List.of(value, sum, length, list, byText, byNumber, byDouble);
  }

  @Override
  public void process(Event event, ProcessContext context, Collector out) {
    run(event.getLong("seed"), "row", context, out);
  }

  @Override
  public void onTimer(Timer timer, ProcessContext context, Collector out) {
    long seed = timer.timestampMillis() * 31 + (timer.isEventTime() ? 7 : 0);
    run(seed, timer.toString(), context, out);
  }

  private void run(long seed, String what, ProcessContext context, Collector out) {
    Random random = new Random(seed);
    String key = context.key().toString();
    out.emit(key, what, context.timestamp() + " " + context.watermark());
    for (int i = random.nextInt(5); i > 0; i--) {
      out.emit(key, what, String.valueOf(step(random, context)));
    }
    if (random.nextInt(100) < throwPerCent) {
      throw new IllegalStateException("as it should");
    }
    if (random.nextInt(4) == 0) {
      context.output("side").emit(seed);
    }
    if (random.nextInt(6) == 0) {
      out.emitAt(random.nextInt(100), key, "at", "");
    }
  }

  private @Nullable Object step(Random random, ProcessContext context) {
    long number = random.nextInt(6);
    String text = "t" + random.nextInt(5);
    return switch (random.nextInt(26)) {
      case 0, 1 -> context.state(value).get();
      case 2, 3 -> {
        context.state(value).set(number);
        yield context.state(value).getOr(-1L);
      }
      case 4 -> {
        context.state(value).clear();
        yield context.state(value).get();
      }
      case 5 -> {
        context.state(sum).add(number);
        yield "sum";
      }
      case 6 -> context.state(sum).get();
      case 7 -> {
        context.state(length).add(text);
        yield context.state(length).get();
      }
      case 8 -> {
        context.state(sum).clear();
        context.state(length).clear();
        yield "clear";
      }
      case 9, 10 -> {
        context.state(list).add(text);
        yield "add";
      }
      case 11 -> context.state(list).get();
      case 12 -> {
        context.state(list).set(List.of(text, "x"));
        yield context.state(list).size();
      }
      case 13 -> {
        context.state(list).clear();
        yield context.state(list).isEmpty();
      }
      case 14, 15 -> {
        context.state(byText).put(text, number);
        yield context.state(byText).getOr(text, -7L);
      }
      case 16 -> {
        context.state(byText).remove(text);
        yield context.state(byText).contains(text);
      }
      case 17 -> new TreeMap<>(context.state(byText).entries());
      case 18 -> {
        context.state(byNumber).putAll(Map.of(number, text, number + 1, "u"));
        yield context.state(byNumber).size();
      }
      case 19 -> {
        context.state(byNumber).remove(number);
        yield new TreeMap<>(context.state(byNumber).entries());
      }
      case 20 -> context.state(byNumber).get(number);
      case 21 -> {
        if (random.nextBoolean()) {
          context.state(byNumber).clear();
        }
        yield context.state(byNumber).size();
      }
      case 22 -> doubles(random, context.state(byDouble));
      case 23 -> {
        // steps of five make timers meet; some are in the past, some in another stretch of time
        long far = random.nextInt(8) == 0 ? 20_000 : 0;
        context.setEventTimer(
            Math.floorDiv(context.timestamp(), 5) * 5 + 5 * (random.nextInt(10) - 2) + far);
        yield "set";
      }
      case 24 -> {
        // a clock that has come to a timer's time is told again after a restore, so never now
        context.setProcessingTimer(context.processingTime() + 1 + random.nextInt(20));
        yield context.processingTime();
      }
      default -> {
        context.deleteEventTimer(Math.floorDiv(context.timestamp(), 5) * 5 + 5 * random.nextInt(5));
        context.deleteProcessingTimer(context.processingTime() + 1 + random.nextInt(20));
        yield "delete";
      }
    };
  }

  private static Object doubles(Random random, MapState<Double, byte[]> state) {
    double[] keys = {0.0, -0.0, Double.NaN, 1.5};
    double key = keys[random.nextInt(keys.length)];
    if (random.nextInt(3) == 0) {
      state.remove(key);
    } else {
      state.put(key, new byte[] {(byte) random.nextInt(9)});
    }
    List<String> seen = new ArrayList<>();
    state.entries().forEach((k, v) -> seen.add((k + 0.0) + "=" + v[0]));
    return seen.stream().sorted().toList();
  }
}
