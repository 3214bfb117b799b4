package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.sort.EventTimeSort;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with state that says by itself what it asks of its inputs and what it gives: joins,
 * patterns, de-duplication, rankings. Validation and planning treat all of them alike, so that a
 * new kind is this interface, its operator, and its words in job files.
 *
 * <p>It has one input, into which several outputs with the same fields may flow, or several inputs,
 * of which each reads one output. Ports have numbers: 0 the main one, then those of {@link
 * #ports()}.
 */
public non-sealed interface OperatorConfig extends NodeConfig {
  /** The names of the inputs, in their order, for messages. */
  default List<String> inputNames() {
    return List.of("input");
  }

  /** The same with the key of the {@code keyBy} above, if it has none of its own. */
  default OperatorConfig keyedBy(List<String> above) {
    return this;
  }

  /** Tells what is wrong with the settings by themselves. */
  void check(NodeFindings findings);

  /** The fields of an input that it looks at, whatever of its results is used. */
  List<FieldUse> uses(int input, ExpressionContext expressions);

  /** The field of an input that is handed on as this field of a port's rows, or null. */
  @Nullable InputField origin(String port, String field);

  /** The name under which a field of an input leaves by the main port unchanged, or null. */
  @Nullable String passedAs(int input, String field);

  /**
   * The fields of the rows of each port, by name of the port.
   *
   * @param inputs the fields of each input
   * @param findings is told what is wrong
   * @return without the ports whose fields cannot be known because of what is wrong
   */
  Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions);

  /**
   * The fields of an input whose rows of equal values must be on one subtask; as many for each
   * input, of the same types. Empty: all rows on one.
   */
  List<String> key(int input);

  /** Whether it keeps nothing of its rows, so that they may be on any subtask. */
  default boolean isStateless() {
    return false;
  }

  /** Whether it works on the times of events and on watermarks. */
  boolean needsEventTime();

  /**
   * Whether it looks at all fields of an input, those that {@link #uses} does not name too: code
   * may read any, or its results hold whole rows.
   *
   * @param changes what the rows of that input do
   */
  default boolean usesAllFields(int input, Changes changes) {
    return false;
  }

  /**
   * How the rows of each key are put in order before they come to it, or null where they come as
   * they are. Rows that are late then leave by its port {@link WindowConfig#LATE_PORT}.
   */
  default @Nullable EventTimeSort sort() {
    return null;
  }

  /**
   * Whether it can save the work for a port that nobody reads: {@link #plan} then gets no fields
   * for it.
   */
  default boolean savesUnreadPorts() {
    return false;
  }

  /**
   * Whether it can save the work for fields of its own, which are not those of an input, that
   * nobody reads: {@link #plan} then does not get them.
   */
  default boolean savesUnreadFields() {
    return false;
  }

  /** Whether rows leave with the original bytes of their records. */
  default boolean passesRecords() {
    return false;
  }

  /**
   * What an input may do to what came before: the most that it can take. Of {@link
   * Changes.Mode#RETRACT}, an upsert stream is made into one that retracts before it comes here,
   * unless it {@link #takesUpserts}.
   */
  default Changes.Mode takes(int input) {
    return Changes.Mode.APPEND;
  }

  /** Whether an input may be an upsert stream as it is: former rows are nothing to it. */
  default boolean takesUpserts(int input) {
    return false;
  }

  /** What the rows of the main port do, by what those of the inputs do. */
  default Changes changes(List<Changes> inputs) {
    return Changes.appends();
  }

  /**
   * How it is run.
   *
   * @param inputs the fields of each input: those that are used, in the order in which they come
   * @param changes what the rows of each input do
   * @param outputs the fields of each port by its number, of which at least those are to be given:
   *     those that are used
   */
  OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools);
}
