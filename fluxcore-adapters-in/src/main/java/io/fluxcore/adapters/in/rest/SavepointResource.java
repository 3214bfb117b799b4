package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.SavepointContents;
import io.fluxcore.application.SavepointContents.OperatorContents;
import java.util.List;

/**
 * A savepoint and what it holds.
 *
 * @param maxParallelism number of key groups, which a job that begins with it must have
 * @param operators by their names
 */
record SavepointResource(
    SavepointItem savepoint, int maxParallelism, List<OperatorFigures> operators) {
  SavepointResource {
    operators = List.copyOf(operators);
  }

  /**
   * What there is of an operator.
   *
   * @param bytes of all of it
   * @param states its keyed state
   * @param splits where a source is in each of its splits
   */
  record OperatorFigures(
      String operatorId, long bytes, List<StateFigures> states, List<SplitPosition> splits) {
    OperatorFigures {
      states = List.copyOf(states);
      splits = List.copyOf(splits);
    }

    private static OperatorFigures of(OperatorContents operator) {
      return new OperatorFigures(
          operator.operatorId(),
          operator.bytes(),
          operator.states().stream()
              .map(s -> new StateFigures(s.name(), s.keyTypes(), s.keys(), s.bytes()))
              .toList(),
          operator.splits().stream()
              .map(s -> new SplitPosition(s.split(), s.position(), s.ended()))
              .toList());
    }
  }

  /**
   * A state.
   *
   * @param keyTypes of the columns of its key; empty where it has no keys
   * @param keys number of keys by window or pane
   */
  record StateFigures(String name, List<String> keyTypes, long keys, long bytes) {
    StateFigures {
      keyTypes = List.copyOf(keyTypes);
    }
  }

  /**
   * A split of a source.
   *
   * @param position where reading goes on, in the connector's words; empty for its start
   * @param ended whether all of it was read
   */
  record SplitPosition(String split, String position, boolean ended) {}

  static SavepointResource of(SavepointContents contents) {
    return new SavepointResource(
        SavepointItem.of(contents.entry()),
        contents.maxParallelism(),
        contents.operators().stream().map(OperatorFigures::of).toList());
  }
}
