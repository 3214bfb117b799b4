package io.fluxcore.domain.state;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/** Frozen state that is encoded on the heap already, in the canonical format. */
public final class FrozenPayloads implements FrozenState {
  private final Map<String, SortedMap<Integer, Payload>> states;

  private FrozenPayloads(Map<String, SortedMap<Integer, Payload>> states) {
    this.states = states;
  }

  /** What these tables hold now. */
  public static FrozenPayloads of(Collection<? extends SlotTables> families, int maxParallelism) {
    Map<String, SortedMap<Integer, Payload>> states = new LinkedHashMap<>();
    for (SlotTables tables : families) {
      StateLayout layout = tables.layout();
      states.put(layout.name(), new SlotTablesCodec(layout).write(tables, maxParallelism));
    }
    return new FrozenPayloads(states);
  }

  /** What a snapshot on the heap holds; may be written any number of times. */
  static FrozenState of(OperatorSnapshot snapshot) {
    FrozenPayloads payloads = new FrozenPayloads(snapshot.keyed());
    return new FrozenState() {
      @Override
      public void write(SnapshotTarget target) throws IOException {
        payloads.write(target);
        for (NativeSnapshot own : snapshot.natives()) {
          target.nativeState(own);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void write(SnapshotTarget target) throws IOException {
    for (Map.Entry<String, SortedMap<Integer, Payload>> state : states.entrySet()) {
      for (Map.Entry<Integer, Payload> group : state.getValue().entrySet()) {
        target.keyed(
            state.getKey(),
            group.getKey(),
            out -> {
              try (InputStream in = group.getValue().open()) {
                in.transferTo(out);
              }
            });
      }
    }
  }

  @Override
  public void close() {
    states.clear();
  }
}
