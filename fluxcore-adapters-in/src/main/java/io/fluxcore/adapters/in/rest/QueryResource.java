package io.fluxcore.adapters.in.rest;

import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query.
 *
 * @param state WAITING until somebody reads it, READING, then ENDED, FAILED or CANCELLED
 * @param rows that were handed out
 * @param end why reading has ended, or null
 * @param failure why it has failed, or null
 * @param warnings what is worth one
 */
record QueryResource(
    String id,
    String state,
    String sql,
    List<ColumnResource> columns,
    Instant startedAt,
    long rows,
    @Nullable String end,
    @Nullable DiagnosticResource failure,
    List<DiagnosticResource> warnings) {

  /**
   * A column of rows.
   *
   * @param type as job files write it
   */
  record ColumnResource(String name, String type) {}

  static List<ColumnResource> columns(Schema schema) {
    return schema.fields().stream()
        .map(field -> new ColumnResource(field.name(), field.type().toString()))
        .toList();
  }

  /** Queries, the newest first. */
  record QueryPage(List<QueryResource> items, @Nullable String nextCursor, int total) {}
}
