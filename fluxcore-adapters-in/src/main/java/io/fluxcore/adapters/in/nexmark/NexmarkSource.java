package io.fluxcore.adapters.in.nexmark;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.stream.IntStream;

/** So many events in so many parts. */
final class NexmarkSource implements Source {
  private final NexmarkTimes times;
  private final long seed;
  private final long count;
  private final int splits;

  NexmarkSource(NexmarkTimes times, long seed, long count, int splits) {
    this.times = times;
    this.seed = seed;
    this.count = count;
    this.splits = splits;
  }

  @Override
  public Schema schema() {
    return NexmarkField.SCHEMA;
  }

  @Override
  public boolean isBounded() {
    return count != Long.MAX_VALUE;
  }

  @Override
  public List<Split> discoverSplits() {
    return IntStream.range(0, splits).mapToObj(part -> new Split(part + "/" + splits)).toList();
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    for (Field field : context.schema().fields()) {
      Field known = NexmarkField.SCHEMA.find(field.name());
      if (known == null || !known.type().equals(field.type())) {
        throw FluxCoreException.user(
            "FLX-NEXMARK-0001",
            Place.of(context.operatorId()),
            "the events of Nexmark have no field '" + field + "'",
            "they have " + NexmarkField.SCHEMA);
      }
    }
    return new NexmarkReader(context, new NexmarkEvents(times, seed), count, splits);
  }
}
