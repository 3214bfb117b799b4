package io.fluxcore.application.planner;

import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.TransformConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What each kind of transform becomes over the columns that are left in the plan. */
final class TransformPlanner {
  private final OperatorFactories factories;
  private final ExpressionContext expressions;

  TransformPlanner(OperatorFactories factories) {
    this.factories = factories;
    this.expressions = factories.expressions();
  }

  /**
   * A transform in the plan.
   *
   * @param output the columns of every port
   * @param deterministic whether equal rows give equal rows; code is taken to
   */
  record Planned(Supplier<Operator> factory, Schema output, boolean deterministic) {}

  /**
   * Plans a transform.
   *
   * @param input the columns that it gets
   * @param declared its declared output, of which some may be gone
   */
  Planned plan(TransformConfig config, Schema input, @Nullable Schema declared) {
    if (config instanceof TransformConfig.Filter filter) {
      return new Planned(
          factories.filter(filter, input),
          input,
          isDeterministic(Objects.requireNonNull(filter.criterion()), input));
    }
    if (config instanceof TransformConfig.Route route) {
      boolean deterministic =
          route.branches().stream().allMatch(b -> isDeterministic(b.criterion(), input));
      return new Planned(factories.route(route.branches(), input), input, deterministic);
    }
    if (config instanceof TransformConfig.Project project) {
      return project(project, input, Objects.requireNonNull(declared));
    }
    if (config instanceof TransformConfig.MapCode map) {
      Schema output = Objects.requireNonNull(declared);
      return new Planned(factories.map(map, output), output, true);
    }
    if (config instanceof TransformConfig.FlatMap flatMap) {
      Schema output = Objects.requireNonNull(declared);
      return new Planned(factories.flatMap(flatMap, output), output, true);
    }
    if (config instanceof TransformConfig.Unnest unnest) {
      Schema needed = without(input, unnest, Objects.requireNonNull(declared));
      Schema output = unnest.output(needed);
      return new Planned(factories.unnest(unnest, input, needed, output), output, true);
    }
    if (config instanceof TransformConfig.Rename rename) {
      return rename(rename, input);
    }
    if (config instanceof TransformConfig.Sort sort) {
      return new Planned(factories.sort(sort.sort(), input), input, true);
    }
    if (config instanceof TransformConfig.Peek peek) {
      return new Planned(factories.peek(peek), input, true);
    }
    return new Planned(factories.pass(), input, true);
  }

  private boolean isDeterministic(Criterion criterion, Schema input) {
    return !(criterion instanceof Criterion.Text text)
        || Expression.parse(text.text()).compilePredicate(input, expressions).isDeterministic();
  }

  private Planned project(TransformConfig.Project project, Schema input, Schema declared) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Field> fields = new ArrayList<>();
    boolean deterministic = true;
    for (Field field : declared.fields()) {
      String text = project.fields().get(field.name());
      Expression expression =
          text == null ? Expression.column(field.name()) : Expression.parse(text);
      String column = expression.columnName();
      if (column == null) {
        deterministic &= expression.compile(input, expressions).isDeterministic();
      } else if (input.find(column) == null) {
        continue; // nobody needs it
      }
      texts.put(field.name(), text == null ? expression.toString() : text);
      fields.add(field);
    }
    Schema output = Schema.of(fields);
    return new Planned(factories.project(texts, input), output, deterministic);
  }

  private Planned rename(TransformConfig.Rename rename, Schema input) {
    Map<String, String> names = new LinkedHashMap<>(rename.names());
    names.keySet().retainAll(input.fieldNames());
    List<Field> fields =
        input.fields().stream()
            .map(f -> new Field(names.getOrDefault(f.name(), f.name()), f.type()))
            .toList();
    return new Planned(factories.rename(input, names), Schema.of(fields), true);
  }

  /** The fields of the input that leave an unnest. */
  private static Schema without(Schema input, TransformConfig.Unnest unnest, Schema declared) {
    return Schema.of(
        input.fields().stream()
            .filter(f -> !unnest.makes(f.name()) && declared.find(f.name()) != null)
            .toList());
  }

  /** What is known of the rows after a transform. */
  Traits after(TransformConfig config, Traits before) {
    if (config instanceof TransformConfig.KeyBy keyBy) {
      return before.partitionedBy().filter(keyBy.fields()::equals).isPresent()
          ? before
          : before.wantedKey(keyBy.fields());
    }
    if (config instanceof TransformConfig.Sort) {
      return before.and(before.ownTime()); // by the time of reading, the order is chance
    }
    if (before.partitionedBy().isEmpty()) {
      return before;
    }
    List<String> key = new ArrayList<>();
    for (String field : before.partitionedBy().get()) {
      String name = nameAfter(config, field);
      if (name == null) {
        return before.partitionedBy(Optional.empty());
      }
      key.add(name);
    }
    return before.partitionedBy(Optional.of(key));
  }

  /** The name under which a field leaves a transform unchanged, or null. */
  private static @Nullable String nameAfter(TransformConfig config, String field) {
    if (config instanceof TransformConfig.Rename rename) {
      return rename.names().getOrDefault(field, field);
    }
    if (config instanceof TransformConfig.Project project) {
      for (Map.Entry<String, String> entry : project.fields().entrySet()) {
        if (field.equals(Expression.parse(entry.getValue()).columnName())) {
          return entry.getKey();
        }
      }
      return project.keepOthers() && !project.fields().containsKey(field) ? field : null;
    }
    if (config instanceof TransformConfig.Unnest unnest) {
      return unnest.makes(field) ? null : field;
    }
    return config instanceof TransformConfig.MapCode
            || config instanceof TransformConfig.FlatMap
            || config instanceof TransformConfig.ProcessCode
        ? null
        : field;
  }
}
