package io.fluxcore.adapters.in.cdc;

import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where reading of the log goes on. Several changes may lie at one place of the log (rows that were
 * copied into a table together do), and a run goes on behind a place, never amid it; so a position
 * is the offset of the last change of the place before, and how many changes of the place at hand
 * have been given.
 *
 * @param offset that a run goes on from; null: the beginning
 * @param snapshot whether the snapshot has not come to its end
 * @param place at hand, as the database orders them; empty: none
 * @param given changes of that place that have been given
 */
record ChangePosition(
    @Nullable Map<String, Object> offset, boolean snapshot, String place, long given) {
  private static final String DAMAGED = "FLX-CDC-0009";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Before anything. */
  static final ChangePosition START = new ChangePosition(null, true, "", 0);

  SplitPosition toSplit() {
    Map<String, Object> members = new LinkedHashMap<>();
    if (offset != null) {
      members.put("offset", offset);
    }
    members.put("snapshot", snapshot);
    members.put("place", place);
    members.put("given", given);
    return new SplitPosition(JSON.writeValueAsString(members));
  }

  /** What {@link #toSplit} made. */
  @SuppressWarnings("unchecked") // a JSON object
  static ChangePosition parse(SplitPosition position) {
    try {
      Map<String, Object> members = JSON.readValue(position.text(), Map.class);
      if (members.get("given") instanceof Number given
          && members.get("snapshot") instanceof Boolean snapshot) {
        return new ChangePosition(
            (Map<String, Object>) members.get("offset"),
            snapshot,
            String.valueOf(members.get("place")),
            given.longValue());
      }
    } catch (JacksonException | ClassCastException e) {
      // Told below.
    }
    throw new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            DAMAGED,
            Place.of("tables"),
            "'" + position.text() + "' is no position in a log of changes",
            "start from a checkpoint of this source"));
  }

  /** The offset as Debezium reads it. */
  @Nullable String offsetText() {
    return offset == null ? null : JSON.writeValueAsString(offset);
  }
}
