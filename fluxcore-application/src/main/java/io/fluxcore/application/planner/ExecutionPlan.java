package io.fluxcore.application.planner;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Source;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.join.OutsideTable;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a host runs: stages of fused operators and the edges between them. Immutable; it holds no
 * running thing, so one plan may be started again after a failure.
 *
 * @param stages by number, in topological order
 * @param edges between stages
 * @param outputs by node of the topology: the fields of the rows at its main port, of a sink those
 *     that it writes; windows, which are part of their aggregates, have none
 * @param delivery how often the effect of an event shows after failures, and why not better, in a
 *     line for a person; an empty string where nobody said
 * @param sinks by node of the topology
 * @param lookups by node of the topology
 */
public record ExecutionPlan(
    List<PlannedStage> stages,
    List<PlannedEdge> edges,
    Map<String, Schema> outputs,
    String delivery,
    Map<String, Sink> sinks,
    Map<String, OutsideTable> lookups) {
  public ExecutionPlan {
    stages = List.copyOf(stages);
    edges = List.copyOf(edges);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    sinks = Collections.unmodifiableMap(new LinkedHashMap<>(sinks));
    lookups = Collections.unmodifiableMap(new LinkedHashMap<>(lookups));
  }

  /** A plan that tells nothing of its nodes' rows. */
  public ExecutionPlan(List<PlannedStage> stages, List<PlannedEdge> edges) {
    this(stages, edges, Map.of(), "", Map.of(), Map.of());
  }

  /**
   * Operators fused on one thread per subtask.
   *
   * @param number position in the plan
   * @param parallelism number of subtasks
   * @param source what feeds node 0, or null for a stage that is fed by edges
   * @param operators in topological order; ports lead inside the stage or to outgoing edges, which
   *     are numbered per stage by their order in {@link ExecutionPlan#edges}
   */
  public record PlannedStage(
      int number,
      int parallelism,
      @Nullable PlannedSource source,
      List<PlannedOperator> operators) {
    public PlannedStage {
      operators = List.copyOf(operators);
    }
  }

  /**
   * A source at the head of a stage.
   *
   * @param operatorId its name in the topology
   * @param description one line for a person
   * @param schema closed schema of the batches that readers are asked for
   * @param keepRaw whether readers keep the original bytes, for code that reads fields beside these
   * @param filter makes the filter of one reader, or null; readers may apply it, and the operator
   *     that it comes from does so in any case
   * @param timestampField which field carries the event time, or null when an expression tells it,
   *     or the source stamps its rows
   * @param timestamp makes the expression of the event time for one reader, or null
   * @param replayable whether what was read since a checkpoint is read again after a failure
   * @param shedding what readers give up when what follows takes too few rows, or null; the stage
   *     then holds nothing but the source, so that it is what follows that takes or does not
   */
  public record PlannedSource(
      String operatorId,
      String description,
      Source source,
      Schema schema,
      boolean keepRaw,
      @Nullable Supplier<CompiledPredicate> filter,
      TimeCharacteristic time,
      @Nullable String timestampField,
      @Nullable Supplier<CompiledExpression> timestamp,
      WatermarkStrategy watermarks,
      ErrorPolicy errors,
      boolean replayable,
      @Nullable LoadShedding shedding) {
    /** One that sheds nothing. */
    public PlannedSource(
        String operatorId,
        String description,
        Source source,
        Schema schema,
        boolean keepRaw,
        @Nullable Supplier<CompiledPredicate> filter,
        TimeCharacteristic time,
        @Nullable String timestampField,
        WatermarkStrategy watermarks,
        ErrorPolicy errors,
        boolean replayable) {
      this(
          operatorId,
          description,
          source,
          schema,
          keepRaw,
          filter,
          time,
          timestampField,
          null,
          watermarks,
          errors,
          replayable,
          null);
    }
  }

  /**
   * An operator of a stage.
   *
   * @param operatorId its name in the topology; a part of it (such as a pre-aggregation) has a
   *     suffix after {@code #}
   * @param factory makes the operator of one subtask
   * @param ports targets of its ports
   * @param deterministic false where results depend on timing or impure code
   * @param rows how single rows may be given to it, or null: they cannot
   */
  public record PlannedOperator(
      String operatorId,
      String description,
      Supplier<Operator> factory,
      List<List<StageNode.Target>> ports,
      ErrorPolicy errors,
      boolean deterministic,
      @Nullable RowInput rows) {}

  /**
   * How single rows are given to an operator, such as a dead letter that is replayed.
   *
   * @param input the operator's input
   * @param schema of its rows
   * @param keyOrdinals fields whose rows of equal values are together on one subtask; null: any
   *     subtask may have the row
   */
  public record RowInput(int input, Schema schema, int @Nullable [] keyOrdinals) {}

  /**
   * An exchange.
   *
   * @param from number of the sending stage
   * @param to number of the receiving stage
   * @param node node of the receiving stage that gets the batches
   * @param input which of that node's inputs
   * @param schema of the batches that cross
   */
  public record PlannedEdge(
      int from, int to, int node, int input, Partitioning partitioning, Schema schema) {}

  /** The edges that leave a stage, by the numbers that its operators' ports name. */
  public List<PlannedEdge> edgesFrom(int stage) {
    return edges.stream().filter(edge -> edge.from() == stage).toList();
  }

  /** How rows find the receiving subtask. */
  public sealed interface Partitioning {
    /** Same subtask to same subtask; both stages have one parallelism. */
    record Forward() implements Partitioning {}

    /** By the hash of the key: all rows of a key reach one subtask, in order. */
    record ByKey(int[] keyOrdinals) implements Partitioning {}

    /** In turn, batch by batch. */
    record Rebalance() implements Partitioning {}
  }
}
