package io.fluxcore.application;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import java.util.List;

/**
 * What a savepoint holds.
 *
 * @param maxParallelism number of key groups, which a job that begins with it must have
 * @param operators by their names
 */
public record SavepointContents(
    CheckpointEntry entry, int maxParallelism, List<OperatorContents> operators) {
  public SavepointContents {
    operators = List.copyOf(operators);
  }

  /**
   * What there is of an operator.
   *
   * @param bytes of all its payloads
   * @param states its keyed state
   * @param splits where a source is in each of its splits
   */
  public record OperatorContents(
      String operatorId, long bytes, List<StateContents> states, List<SplitContents> splits) {
    public OperatorContents {
      states = List.copyOf(states);
      splits = List.copyOf(splits);
    }
  }

  /**
   * A state.
   *
   * @param keyTypes of the columns of its key; empty for small state in the operator's own words
   * @param keys number of keys by window or pane; 0 where it has no keys
   */
  public record StateContents(String name, List<String> keyTypes, long keys, long bytes) {
    public StateContents {
      keyTypes = List.copyOf(keyTypes);
    }
  }

  /**
   * A split of a source.
   *
   * @param position where reading goes on, in the connector's words; empty for its start
   * @param ended whether all of it was read
   */
  public record SplitContents(String split, String position, boolean ended) {}
}
