package io.fluxcore.domain.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of one operator at a barrier: per state name and key group an independent payload, and
 * operator-wide entries (split positions, transaction handles, counters), of which each subtask may
 * have written one under the same name. Stages are not named here, since fusion may change.
 *
 * @param operatorId stable id of the operator: its name
 * @param keyed state name → key group → payload
 * @param entries name → payloads, one per subtask that wrote it
 */
public record OperatorSnapshot(
    String operatorId,
    Map<String, SortedMap<Integer, byte[]>> keyed,
    Map<String, List<byte[]>> entries) {

  public static Builder builder(String operatorId) {
    return new Builder(operatorId);
  }

  /** The payload of a key group, or null where the group holds nothing. */
  public byte @org.jspecify.annotations.Nullable [] keyed(String state, int keyGroup) {
    SortedMap<Integer, byte[]> groups = keyed.get(state);
    return groups == null ? null : groups.get(keyGroup);
  }

  public List<byte[]> entries(String name) {
    return entries.getOrDefault(name, List.of());
  }

  /** The snapshots of an operator's subtasks as one. Key groups must not overlap. */
  public static OperatorSnapshot merge(String operatorId, List<OperatorSnapshot> parts) {
    Builder builder = builder(operatorId);
    for (OperatorSnapshot part : parts) {
      part.keyed.forEach(
          (state, groups) -> groups.forEach((group, bytes) -> builder.keyed(state, group, bytes)));
      part.entries.forEach((name, list) -> list.forEach(bytes -> builder.entry(name, bytes)));
    }
    return builder.build();
  }

  /** Collects the parts. Not thread-safe. */
  public static final class Builder {
    private final String operatorId;
    private final Map<String, SortedMap<Integer, byte[]>> keyed = new LinkedHashMap<>();
    private final Map<String, List<byte[]>> entries = new LinkedHashMap<>();

    private Builder(String operatorId) {
      this.operatorId = operatorId;
    }

    public Builder keyed(String state, int keyGroup, byte[] payload) {
      byte[] previous = keyed.computeIfAbsent(state, s -> new TreeMap<>()).put(keyGroup, payload);
      if (previous != null) {
        throw new IllegalStateException(
            "operator '"
                + operatorId
                + "', state '"
                + state
                + "': key group "
                + keyGroup
                + " was written by two subtasks");
      }
      return this;
    }

    public Builder entry(String name, byte[] payload) {
      entries.computeIfAbsent(name, n -> new ArrayList<>()).add(payload);
      return this;
    }

    public OperatorSnapshot build() {
      return new OperatorSnapshot(operatorId, keyed, entries);
    }
  }
}
