package io.fluxcore.domain.state;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of one operator at a barrier: per state name and key group an independent payload, what
 * state backends wrote in their own format, and operator-wide entries (split positions, transaction
 * handles, counters), of which each subtask may have written one under the same name. Stages are
 * not named here, since fusion may change.
 *
 * @param operatorId stable id of the operator: its name
 * @param keyed state name → key group → payload
 * @param natives one per subtask whose backend wrote its own format, which then holds all its keyed
 *     state except small payloads of the operator itself
 * @param entries name → payloads, one per subtask that wrote it; small, so they are at hand
 */
public record OperatorSnapshot(
    String operatorId,
    Map<String, SortedMap<Integer, Payload>> keyed,
    List<NativeSnapshot> natives,
    Map<String, List<byte[]>> entries) {

  /** Name of the entry that tells what the state means. */
  public static final String MEANING = "meaning";

  public static Builder builder(String operatorId) {
    return new Builder(operatorId);
  }

  /** A builder that begins with these parts. */
  public Builder toBuilder() {
    return builder(operatorId).add(this);
  }

  /** The payload of a key group, or null where the group holds nothing. */
  public @Nullable Payload keyed(String state, int keyGroup) {
    SortedMap<Integer, Payload> groups = keyed.get(state);
    return groups == null ? null : groups.get(keyGroup);
  }

  /**
   * The bytes of a small payload, or null where the group holds nothing.
   *
   * @throws FluxCoreException if they are damaged, missing or out of reach: {@link SnapshotErrors}
   */
  public byte @Nullable [] keyedBytes(String state, int keyGroup) {
    Payload payload = keyed(state, keyGroup);
    try {
      return payload == null ? null : payload.bytes();
    } catch (IOException e) {
      throw SnapshotErrors.of(
          "operator '" + operatorId + "', state '" + state + "', key group " + keyGroup, e);
    }
  }

  /** What the state means to its operator; empty where the snapshot does not say. */
  public String meaning() {
    return entries(MEANING).stream()
        .findFirst()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }

  public List<byte[]> entries(String name) {
    return entries.getOrDefault(name, List.of());
  }

  /**
   * Refuses state in the format of a backend.
   *
   * @param backend that cannot read any
   * @throws FluxCoreException of category STATE_CONFLICT if there is any
   */
  public void requireCanonical(String backend) {
    if (!natives.isEmpty()) {
      throw foreign(backend, natives.get(0));
    }
  }

  /**
   * What subtasks wrote in the format of a backend.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if another backend wrote any
   */
  public List<NativeSnapshot> natives(String backend) {
    for (NativeSnapshot one : natives) {
      if (!one.backend().equals(backend)) {
        throw foreign(backend, one);
      }
    }
    return natives;
  }

  private FluxCoreException foreign(String backend, NativeSnapshot found) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            "FLX-STATE-0004",
            Place.of("operator '" + operatorId + "'"),
            "the snapshot is in the own format of state backend '"
                + found.backend()
                + "', which '"
                + backend
                + "' cannot read",
            "make a savepoint, which every backend reads, or keep the state backend"));
  }

  /** Bytes of all payloads and files. */
  public long bytes() {
    long bytes = 0;
    for (SortedMap<Integer, Payload> groups : keyed.values()) {
      bytes += groups.values().stream().mapToLong(Payload::size).sum();
    }
    for (List<byte[]> list : entries.values()) {
      bytes += list.stream().mapToLong(entry -> entry.length).sum();
    }
    return bytes + natives.stream().mapToLong(NativeSnapshot::bytes).sum();
  }

  /** The snapshots of an operator's subtasks as one. Key groups must not overlap. */
  public static OperatorSnapshot merge(String operatorId, List<OperatorSnapshot> parts) {
    Builder builder = builder(operatorId);
    parts.forEach(builder::add);
    return builder.build();
  }

  /** Collects the parts. Not thread-safe. */
  public static final class Builder {
    private final String operatorId;
    private final Map<String, SortedMap<Integer, Payload>> keyed = new LinkedHashMap<>();
    private final List<NativeSnapshot> natives = new ArrayList<>();
    private final Map<String, List<byte[]>> entries = new LinkedHashMap<>();

    private Builder(String operatorId) {
      this.operatorId = operatorId;
    }

    Builder add(OperatorSnapshot part) {
      part.keyed.forEach(
          (state, groups) -> groups.forEach((group, payload) -> keyed(state, group, payload)));
      part.natives.forEach(this::nativeState);
      part.entries.forEach((name, list) -> list.forEach(bytes -> entry(name, bytes)));
      return this;
    }

    /** A small payload of the operator itself. */
    public Builder keyed(String state, int keyGroup, byte[] payload) {
      return keyed(state, keyGroup, Payload.of(payload));
    }

    public Builder keyed(String state, int keyGroup, Payload payload) {
      Payload previous = keyed.computeIfAbsent(state, s -> new TreeMap<>()).put(keyGroup, payload);
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

    public Builder nativeState(NativeSnapshot state) {
      natives.add(state);
      return this;
    }

    public Builder entry(String name, byte[] payload) {
      entries.computeIfAbsent(name, n -> new ArrayList<>()).add(payload);
      return this;
    }

    /** Notes what the state means to its operator, where that is to be noted. */
    public Builder meaning(String text) {
      return text.isEmpty() ? this : entry(MEANING, text.getBytes(StandardCharsets.UTF_8));
    }

    public OperatorSnapshot build() {
      return new OperatorSnapshot(operatorId, keyed, List.copyOf(natives), entries);
    }
  }
}
