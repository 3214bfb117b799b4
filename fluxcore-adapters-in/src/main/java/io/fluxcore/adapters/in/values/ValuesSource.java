package io.fluxcore.adapters.in.values;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows by the names of their fields, of which the topology says the types. */
final class ValuesSource implements Source {
  static final String SPLIT = "rows";

  private final List<Map<String, Object>> rows;

  ValuesSource(List<Map<String, Object>> rows) {
    this.rows = List.copyOf(rows);
  }

  @Override
  public @Nullable Schema schema() {
    return null;
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(SPLIT));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    List<@Nullable Object[]> values = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      values.add(values(row, context.schema()));
    }
    return new ValuesReader(context, values);
  }

  private @Nullable Object[] values(int row, Schema schema) {
    @Nullable Object[] values = new @Nullable Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      Field field = schema.field(i);
      try {
        values[i] = PlainValues.parse(field, rows.get(row).get(field.name()));
      } catch (RecordException e) {
        throw FluxCoreException.user(
            "FLX-VALUES-0001",
            Place.of("rows[" + row + "]." + field.name()),
            e.getMessage() + ", in " + rows.get(row),
            "write a value of the type " + field.type() + ", or declare another type");
      }
    }
    return values;
  }
}
