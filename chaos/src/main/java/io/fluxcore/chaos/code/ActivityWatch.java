package io.fluxcore.chaos.code;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.ProcessContext;
import io.fluxcore.domain.process.StateDescriptor;
import io.fluxcore.domain.process.Timer;
import io.fluxcore.domain.process.ValueState;
import io.fluxcore.domain.process.ValueType;
import io.fluxcore.domain.transform.Collector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of each key and tells every {@value #EVERY}th, and each time that a key has
 * been silent for {@value #SILENCE_MILLIS} ms: by a timer, or by the event that ends the silence
 * where that comes first. Which of them it is depends on how far the watermark is, what is told
 * does not.
 */
final class ActivityWatch implements KeyedProcessFunction {
  static final long SILENCE_MILLIS = 4_000;
  static final long EVERY = 5;

  private static final String SILENT = "silent";

  /** Time of the key's last event; none while it is silent. */
  private static final StateDescriptor.OfValue<Long> LAST =
      StateDescriptor.value("last", ValueType.LONG);

  private static final StateDescriptor.OfValue<Long> EVENTS =
      StateDescriptor.value("events", ValueType.LONG);

  private static final StateDescriptor.OfReduction<Long> TOTAL =
      StateDescriptor.reducing("total", ValueType.LONG, Long::sum);

  /** How often the key had each amount, modulo a few. */
  private static final StateDescriptor.OfMap<Long, Long> AMOUNTS =
      StateDescriptor.map("amounts", ValueType.LONG, ValueType.LONG);

  private static final long KINDS = 16;

  @Override
  public List<StateDescriptor<?>> states() {
    return List.of(LAST, EVENTS, TOTAL, AMOUNTS);
  }

  @Override
  public void process(Event event, ProcessContext context, Collector out) {
    ValueState<Long> last = context.state(LAST);
    Long before = last.get();
    long at = event.timestamp();
    if (before != null && at >= before + SILENCE_MILLIS) {
      context.deleteEventTimer(before + SILENCE_MILLIS);
      tellSilence(before, context);
      before = null;
    }
    if (before == null || at > before) {
      if (before != null) {
        context.deleteEventTimer(before + SILENCE_MILLIS);
      }
      last.set(at);
      context.setEventTimer(at + SILENCE_MILLIS);
    }
    count(event, context, out);
  }

  private static void count(Event event, ProcessContext context, Collector out) {
    long amount = event.getLong("amount");
    long events = events(context) + 1;
    context.state(EVENTS).set(events);
    context.state(TOTAL).add(amount);
    long kind = amount % KINDS;
    long same = context.state(AMOUNTS).getOr(kind, 0L) + 1;
    context.state(AMOUNTS).put(kind, same);
    if (events % EVERY == 0) {
      out.emit(context.key("key"), events, context.state(TOTAL).get(), same);
    }
  }

  private static long events(ProcessContext context) {
    Long events = context.state(EVENTS).get();
    return events == null ? 0 : events;
  }

  private static void tellSilence(@Nullable Long since, ProcessContext context) {
    context.output(SILENT).emit(context.key("key"), since, events(context));
  }

  @Override
  public void onTimer(Timer timer, ProcessContext context, Collector out) {
    tellSilence(context.state(LAST).get(), context);
    context.state(LAST).clear();
  }
}
