package io.fluxcore.adapters.in.generator;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Generators of fields, and how many events there are in how many parts. */
final class GeneratorSource implements Source {
  private final List<FieldGenerator> fields;
  private final EventTimes times;
  private final long rate;
  private final long count;
  private final int splits;
  private final Pace.Supplier pace;

  GeneratorSource(
      List<FieldGenerator> fields,
      EventTimes times,
      long rate,
      long count,
      int splits,
      Pace.Supplier pace) {
    this.fields = List.copyOf(fields);
    this.times = times;
    this.rate = rate;
    this.count = count;
    this.splits = splits;
    this.pace = pace;
  }

  GeneratorSource withPace(Pace.Supplier other) {
    return new GeneratorSource(fields, times, rate, count, splits, other);
  }

  @Override
  public Schema schema() {
    return Schema.of(fields.stream().map(FieldGenerator::field).toList());
  }

  @Override
  public boolean isBounded() {
    return count != Long.MAX_VALUE;
  }

  @Override
  public List<Split> discoverSplits() {
    List<Split> result = new ArrayList<>();
    for (int i = 0; i < splits; i++) {
      result.add(new Split(i + "/" + splits));
    }
    return result;
  }

  @Override
  public SplitSeeking seeking() {
    return new GeneratorSeeking(times, splits);
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    Map<String, FieldGenerator> byName = new HashMap<>();
    fields.forEach(f -> byName.put(f.field().name(), f));
    List<FieldGenerator> wanted = new ArrayList<>();
    for (Field field : context.schema().fields()) {
      FieldGenerator generator = byName.get(field.name());
      if (generator == null || !generator.field().type().equals(field.type())) {
        throw FluxCoreException.user(
            "FLX-GENERATOR-0001",
            Place.of("fields"),
            "the generator gives no field '" + field + "'",
            "it gives " + schema());
      }
      wanted.add(generator);
    }
    return new GeneratorReader(context, wanted, times, rate, count, splits, pace.get());
  }
}
