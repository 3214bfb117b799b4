package io.fluxcore.infrastructure.embedded;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.MapState;
import io.fluxcore.domain.process.ProcessContext;
import io.fluxcore.domain.process.StateDescriptor;
import io.fluxcore.domain.process.Timer;
import io.fluxcore.domain.process.ValueState;
import io.fluxcore.domain.process.ValueType;
import io.fluxcore.domain.transform.Collector;
import java.time.Duration;
import java.util.List;

// The example of docs/process-functions.md, which is held against these lines.
// page
/** Tells the first time that a key has a value, and keys that have been silent for ten minutes. */
final class SilenceWatch implements KeyedProcessFunction {
  private static final long SILENCE = Duration.ofMinutes(10).toMillis();

  private static final StateDescriptor.OfValue<Long> LAST =
      StateDescriptor.value("last", ValueType.LONG);

  private static final StateDescriptor.OfMap<Long, Long> SEEN =
      StateDescriptor.map("seen", ValueType.LONG, ValueType.LONG)
          .withTimeToLive(TimeToLive.ofEventTime(Duration.ofHours(1)));

  @Override
  public List<StateDescriptor<?>> states() {
    return List.of(LAST, SEEN);
  }

  @Override
  public void process(Event event, ProcessContext context, Collector out) {
    ValueState<Long> last = context.state(LAST);
    Long before = last.get();
    if (before == null || event.timestamp() > before) {
      if (before != null) {
        context.deleteEventTimer(before + SILENCE);
      }
      last.set(event.timestamp());
      context.setEventTimer(event.timestamp() + SILENCE);
    }
    MapState<Long, Long> seen = context.state(SEEN);
    long value = event.getLong("value");
    long times = seen.getOr(value, 0L) + 1;
    seen.put(value, times);
    if (times == 1) {
      out.emit(context.key("key"), value);
    }
  }

  @Override
  public void onTimer(Timer timer, ProcessContext context, Collector out) {
    context.state(LAST).clear();
    context.output("silent").emit(context.key("key"));
  }
}
// end
