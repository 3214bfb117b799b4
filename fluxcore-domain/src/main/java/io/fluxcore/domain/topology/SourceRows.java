package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a source gives by itself, whatever the topology declares.
 *
 * @param schema its fields; null where it does not know them
 * @param changes what its rows do
 */
public record SourceRows(@Nullable Schema schema, Changes changes) {
  /** Insertions of rows with these fields. */
  public static SourceRows of(Schema schema) {
    return new SourceRows(schema, Changes.appends());
  }
}
