package io.fluxcore.domain.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a whole job at a barrier.
 *
 * @param checkpointId of the checkpoint that made it
 * @param maxParallelism number of key groups, for the life of the job
 * @param operators by operator id
 */
public record JobSnapshot(
    long checkpointId, int maxParallelism, Map<String, OperatorSnapshot> operators) {

  /** A snapshot of these operators' snapshots; several of one operator are merged. */
  public static JobSnapshot of(
      long checkpointId, int maxParallelism, List<OperatorSnapshot> parts) {
    Map<String, List<OperatorSnapshot>> byOperator = new LinkedHashMap<>();
    for (OperatorSnapshot part : parts) {
      byOperator.computeIfAbsent(part.operatorId(), id -> new ArrayList<>()).add(part);
    }
    Map<String, OperatorSnapshot> merged = new LinkedHashMap<>();
    byOperator.forEach((id, list) -> merged.put(id, OperatorSnapshot.merge(id, list)));
    return new JobSnapshot(checkpointId, maxParallelism, merged);
  }

  /** Bytes of all payloads. */
  public long bytes() {
    return operators.values().stream().mapToLong(OperatorSnapshot::bytes).sum();
  }
}
