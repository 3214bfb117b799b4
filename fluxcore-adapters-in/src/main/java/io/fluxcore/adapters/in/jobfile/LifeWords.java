package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;

import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write how long something is remembered: a duration, and of which time it is. */
final class LifeWords {
  static final String WITHIN = "within";
  static final String TIME_TO_LIVE = "timeToLive";
  static final String TIME = "time";

  private LifeWords() {}

  static ObjectNode within(String description) {
    return duration(description);
  }

  static ObjectNode time() {
    return enumeration(List.of("event", "processing"), "Of which time it is; event.");
  }

  static @Nullable TimeToLive read(Mapping settings, String word, Values values) {
    Duration duration = values.optionalDuration(settings, word);
    return duration == null
        ? null
        : values.check(
            settings,
            () ->
                new TimeToLive(
                    duration,
                    TimeToLive.Renewal.ON_WRITE,
                    Values.constant(
                        settings, TIME, TimeCharacteristic.class, TimeCharacteristic.EVENT)));
  }

  static void write(Map<String, Object> words, String word, @Nullable TimeToLive life) {
    if (life != null) {
      words.put(word, JobFileWriter.text(life.duration()));
      JobFileWriter.putUnless(words, TIME, JobFileWriter.word(life.time()), "event");
    }
  }
}
