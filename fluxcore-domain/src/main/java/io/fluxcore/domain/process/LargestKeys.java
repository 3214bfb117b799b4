package io.fluxcore.domain.process;

import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.operator.StateReading.LargeKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys with the most bytes of those that were written: looks at each write with a comparison.
 */
final class LargestKeys {
  private static final int MAX_SHOWN = 100;

  private record Held(long hash, LargeKey key) {}

  private final List<Held> held = new ArrayList<>();
  private long floor;

  void written(String state, KeyChunk chunk, int position, long entries, long bytes) {
    if (bytes <= floor && held.size() == StateReading.LARGEST_KEYS && bytes > 0) {
      return;
    }
    long hash = chunk.hashes()[position];
    held.removeIf(h -> h.hash() == hash && h.key().state().equals(state));
    if (bytes > 0 && (bytes > floor || held.size() < StateReading.LARGEST_KEYS)) {
      List<@Nullable String> key = new ArrayList<>();
      chunk.key(position).forEach(value -> key.add(value == null ? null : shown(value)));
      held.add(new Held(hash, new LargeKey(state, key, entries, bytes)));
      held.sort(Comparator.comparingLong((Held h) -> h.key().bytes()).reversed());
      if (held.size() > StateReading.LARGEST_KEYS) {
        held.remove(held.size() - 1);
      }
    }
    floor = held.isEmpty() ? 0 : held.get(held.size() - 1).key().bytes();
  }

  private static String shown(Object value) {
    String text = KeyState.text(value);
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  List<LargeKey> read() {
    return held.stream().map(Held::key).toList();
  }
}
