package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link StageCondition} bound to a schema. */
final class CodeCondition implements MatchCondition {
  private final StageCondition code;
  private final List<String> stages;
  private final RowFormat format;
  private final EventCursor cursor = new EventCursor();

  CodeCondition(StageCondition code, List<String> stages, RowFormat format) {
    this.code = code;
    this.stages = stages;
    this.format = format;
  }

  @Override
  public boolean test(CurrentEvent event, @Nullable Link before) {
    try {
      return code.test(cursor.moveTo(event.batch(), event.row()), stage -> events(stage, before));
    } catch (RecordException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RecordException("FLX-PATTERN-0022", "the condition threw " + e, e);
    } finally {
      cursor.close();
    }
  }

  private List<Event> events(String stage, @Nullable Link before) {
    int number = stages.indexOf(stage);
    if (number < 0) {
      throw new IllegalArgumentException(
          "the pattern has no stage '" + stage + "'; stages are " + stages);
    }
    List<Event> events = new ArrayList<>();
    for (HeldEvent held : Link.events(before, number)) {
      @Nullable Object[] values = new @Nullable Object[format.schema().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = format.get(held.row, i);
      }
      events.add(EventRecord.of(format.schema(), held.timestamp, values));
    }
    return events;
  }
}
