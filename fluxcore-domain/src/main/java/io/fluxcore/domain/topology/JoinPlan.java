package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.join.AsOfJoin;
import io.fluxcore.domain.join.ChangelogJoin;
import io.fluxcore.domain.join.EquiJoin;
import io.fluxcore.domain.join.IntervalJoin;
import io.fluxcore.domain.join.JoinFields;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.Lateness;
import io.fluxcore.domain.join.TableJoin;
import io.fluxcore.domain.join.TemporalJoin;
import io.fluxcore.domain.join.WindowJoin;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.window.TimeWindows;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowSpec;
import io.fluxcore.domain.window.ZonedWindows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the operator of a join that has been checked. */
final class JoinPlan {
  private final JoinConfig config;
  private final List<Schema> inputs;
  private final Schema output;
  private final OperatorTools tools;

  /**
   * A plan.
   *
   * @param output the fields of results that are wanted
   */
  JoinPlan(JoinConfig config, List<Schema> inputs, Schema output, OperatorTools tools) {
    this.config = config;
    this.inputs = inputs;
    this.output = output;
    this.tools = tools;
  }

  /** The fields of an input under the names that they have in a pair. */
  static List<Field> named(JoinConfig join, int input, List<Schema> inputs) {
    return inputs.get(input).fields().stream()
        .map(field -> new Field(join.prefix(input) + field.name(), field.type()))
        .toList();
  }

  /** Whether a field of results is a bound of the window. */
  static boolean isBound(JoinConfig join, String field) {
    return join.bound() instanceof JoinBound.Window
        && (field.equals(WindowAggregation.WINDOW_START)
            || field.equals(WindowAggregation.WINDOW_END));
  }

  /**
   * The operator.
   *
   * @param changes what the rows of each input do
   */
  OperatorPlan plan(List<Changes> changes) {
    JoinFields fields = fields();
    EquiJoin join =
        new EquiJoin(
            config.type(),
            fields,
            config.key(JoinType.LEFT_INPUT),
            config.key(JoinType.RIGHT_INPUT));
    Lateness lateness = new Lateness(config.allowedLateness().toMillis());
    if (config.bound() instanceof JoinBound.Window window) {
      WindowSpec windows = Objects.requireNonNull(window.window()).spec();
      WindowJoin joined =
          windows instanceof ZonedWindows zoned
              ? new WindowJoin(join, (TimeWindows) zoned.windows(), lateness, true, zoned.zone())
              : new WindowJoin(join, (TimeWindows) windows, lateness, true);
      return plan(() -> joined.operator(condition(fields)), joined.outputSchema(), true);
    }
    if (config.bound() instanceof JoinBound.Interval interval) {
      IntervalJoin joined =
          new IntervalJoin(
              join,
              millis(interval.lower()),
              millis(interval.upper()),
              lateness,
              interval.lateMatches());
      return plan(() -> joined.operator(condition(fields)), joined.outputSchema(), true);
    }
    if (config.bound() instanceof JoinBound.Temporal temporal) {
      TemporalJoin joined = new TemporalJoin(join, lateness, temporal.timeToLive());
      return plan(() -> joined.operator(condition(fields)), joined.outputSchema(), true);
    }
    if (config.bound() instanceof JoinBound.AsOf asOf) {
      AsOfJoin joined =
          new AsOfJoin(
              join,
              Objects.requireNonNull(asOf.match()),
              ties(asOf, changes.get(JoinType.RIGHT_INPUT).key()),
              asOf.timeToLive());
      return plan(joined::operator, joined.outputSchema(), false);
    }
    if (config.bound() instanceof JoinBound.Unbounded unbounded) {
      boolean isAppend = changes.stream().allMatch(Changes::isAppend);
      ChangelogJoin joined = new ChangelogJoin(join, isAppend, unbounded.left(), unbounded.right());
      boolean deterministic = joined.givesOnlyInsertions() && !joined.forgets();
      return plan(() -> joined.operator(condition(fields)), joined.outputSchema(), deterministic);
    }
    JoinBound.Table table = (JoinBound.Table) config.bound();
    Duration life = table.timeToLive();
    TableJoin joined =
        new TableJoin(
            join,
            table.allRows(),
            !changes.get(JoinType.LEFT_INPUT).isAppend(),
            life == null ? null : TimeToLive.ofProcessingTime(life));
    return plan(() -> joined.operator(condition(fields)), joined.outputSchema(), false);
  }

  /**
   * The whole order of right rows of the same value: as declared, and then by their key or, where
   * none is known, by the fields that are left, so that it does not matter which came first.
   */
  private List<SortField> ties(JoinBound.AsOf asOf, @Nullable List<String> key) {
    Schema right = inputs.get(JoinType.RIGHT_INPUT);
    Set<String> decided = new HashSet<>(config.key(JoinType.RIGHT_INPUT));
    decided.add(Objects.requireNonNull(asOf.match()).right());
    List<SortField> ties = new ArrayList<>();
    for (SortField field : asOf.ties()) {
      if (decided.add(field.name())) {
        ties.add(field);
      }
    }
    for (String field : key == null ? right.fieldNames() : key) {
      if (EventTimeSort.canOrder(right.type(right.ordinal(field))) && decided.add(field)) {
        ties.add(SortField.ascending(field));
      }
    }
    return ties;
  }

  private OperatorPlan plan(Supplier<Operator> factory, Schema results, boolean deterministic) {
    List<Schema> outputs = new ArrayList<>(List.of(results));
    if (config.lateOutput()) {
      outputs.addAll(inputs);
    }
    return new OperatorPlan(factory, outputs, deterministic);
  }

  private static long millis(@Nullable Duration duration) {
    return Objects.requireNonNull(duration).toMillis();
  }

  private @Nullable CompiledPredicate condition(JoinFields fields) {
    return config.condition() == null
        ? null
        : Expression.parse(config.condition())
            .compilePredicate(fields.pairs(), tools.expressions());
  }

  /** What is wanted of a pair, and behind it what only the condition reads. */
  private JoinFields fields() {
    List<JoinFields.Joined> fields = new ArrayList<>();
    for (Field field : output.fields()) {
      InputField origin = config.origin(NodeConfig.MAIN_PORT, field.name());
      if (!isBound(config, field.name()) && origin != null) {
        fields.add(joined(origin, field.name()));
      }
    }
    int emitted = fields.size();
    if (config.condition() != null) {
      for (String name : Expression.parse(config.condition()).fields()) {
        JoinFields.Joined read = joined(config.field(name), name);
        if (!fields.contains(read)) {
          fields.add(read);
        }
      }
    }
    return new JoinFields(
        inputs.get(JoinType.LEFT_INPUT), inputs.get(JoinType.RIGHT_INPUT), fields, emitted);
  }

  private JoinFields.Joined joined(InputField field, String name) {
    return new JoinFields.Joined(
        field.input(), inputs.get(field.input()).ordinal(field.field()), name);
  }
}
