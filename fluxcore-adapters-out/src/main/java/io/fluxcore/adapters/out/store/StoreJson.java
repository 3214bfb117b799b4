package io.fluxcore.adapters.out.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records of the application as JSON: an event by the name of its type and its components, times
 * and durations in the forms of ISO 8601. Members that are not known are passed over, so that an
 * older server can read what a newer one wrote as long as it knows the type.
 */
final class StoreJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          // What a record says of itself is no component of it.
          .changeDefaultVisibility(
              visible -> visible.withVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE))
          .build();

  private static final Map<String, Class<?>> EVENTS =
      Arrays.stream(JobEvent.class.getPermittedSubclasses())
          .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

  private StoreJson() {}

  /** The name that an event's type has in the database. */
  static String type(JobEvent event) {
    return event.getClass().getSimpleName();
  }

  static String write(Object value) {
    return JSON.writeValueAsString(value);
  }

  static JobEvent event(String type, String body) {
    Class<?> known = EVENTS.get(type);
    if (known == null) {
      throw newer("an event '" + type + "'", null);
    }
    return (JobEvent) read(body, known);
  }

  static Operation operation(String body) {
    return read(body, Operation.class);
  }

  static CheckpointEntry checkpoint(String body) {
    return read(body, CheckpointEntry.class);
  }

  static List<String> strings(String body) {
    return List.of(read(body, String[].class));
  }

  private static <T> T read(String body, Class<T> type) {
    try {
      return JSON.readValue(body, type);
    } catch (JacksonException e) {
      throw newer("a " + type.getSimpleName(), e);
    }
  }

  private static FluxCoreException newer(String what, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        List.of(
            Diagnostic.error(
                "FLX-STORE-0007",
                Place.of("job store"),
                "the database of jobs holds " + what + " that this version cannot read",
                "a newer version of FluxCore wrote it: run that one")),
        cause);
  }
}
