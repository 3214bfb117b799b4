package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What formats know of fields beside their types.
 *
 * @param timeFormats how the times of a field are written, by its name; {@code iso} unless given
 * @param zone of times that name none where an instant is wanted
 * @param nullText the text that stands for null; null where the format's own rule is meant
 * @param required fields that must be there and not null, wanted or not
 * @param latin1 whether texts are ISO-8859-1 instead of UTF-8
 */
public record FieldSettings(
    Map<String, String> timeFormats,
    ZoneId zone,
    @Nullable String nullText,
    List<String> required,
    boolean latin1) {
  public static final FieldSettings DEFAULT =
      new FieldSettings(Map.of(), ZoneOffset.UTC, null, List.of(), false);

  public FieldSettings {
    timeFormats = Map.copyOf(timeFormats);
    zone = zone.normalized();
    required = List.copyOf(required);
  }

  /** The format of a field, whose type is a date or timestamp. */
  TimeFormat timeFormat(String field, DataType type) {
    return TimeFormat.of(type, timeFormats.getOrDefault(field, "iso"), zone);
  }

  /**
   * Checks a time format.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static void checkTimeFormat(String pattern) {
    TimeFormat.of(DataType.TIMESTAMP_TZ, pattern, ZoneOffset.UTC);
  }
}
