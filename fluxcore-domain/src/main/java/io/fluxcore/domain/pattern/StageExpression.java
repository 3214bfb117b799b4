package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.FunctionCatalogue;
import io.fluxcore.domain.expression.syntax.Node;
import io.fluxcore.domain.expression.syntax.Parser;
import io.fluxcore.domain.expression.syntax.Printer;
import io.fluxcore.domain.expression.syntax.SourceText;
import io.fluxcore.domain.expression.syntax.TreeRewrite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression over an event and the events that a match has before it. Beside fields of the event
 * itself it names those of stages: {@code first(start.price)}, {@code last}, {@code sum}, {@code
 * avg}, {@code min}, {@code max} of an expression over the fields of one stage, and {@code
 * count(start)}, the number of its events. {@code start.price} alone is that of the stage's last
 * event. Where a stage has no event, all but {@code count} are null.
 *
 * <p>In a condition the event that is looked at does not count among those of its own stage. A
 * stage named as a word of the language is written in quotes: {@code first("end".price)}. A field
 * of NESTED type named as a stage is hidden by it.
 */
public final class StageExpression {
  private final String text;
  private final Expression residual;
  private final Map<String, StageAggregate> aggregates;

  private StageExpression(
      String text, Expression residual, Map<String, StageAggregate> aggregates) {
    this.text = text;
    this.residual = residual;
    this.aggregates = aggregates;
  }

  /**
   * The expression of a text.
   *
   * @param stages names of the pattern's stages
   * @throws FluxCoreException of category USER, if the text is not one
   */
  public static StageExpression parse(String text, Set<String> stages) {
    Extraction extraction = new Extraction(text, stages);
    Node residual = extraction.rewrite(Parser.parse(text));
    return new StageExpression(
        text, Expression.parse(Printer.print(residual)), extraction.aggregates);
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** Whether it is about the event alone. */
  public boolean isOfEvent() {
    return aggregates.isEmpty();
  }

  /** The expression over the event's fields and a field for each of {@link #aggregates}. */
  Expression residual() {
    return residual;
  }

  /** Aggregates by the name of the field that the residual has for them. */
  Map<String, StageAggregate> aggregates() {
    return aggregates;
  }

  /** Fields of events that it names, be it the event's own or those of stages. */
  public Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>(residual.fields());
    fields.removeAll(aggregates.keySet());
    for (StageAggregate aggregate : aggregates.values()) {
      if (aggregate.argument() != null) {
        fields.addAll(aggregate.argument().fields());
      }
    }
    return fields;
  }

  /**
   * The types that the first use of each field demands; see {@link Expression#demands()}.
   *
   * @param predicate whether it is a condition
   */
  public Map<String, DataType> demands(FunctionCatalogue functions, boolean predicate) {
    Map<String, DataType> demands = new LinkedHashMap<>();
    Map<String, DataType> ofResidual =
        predicate ? residual.demandsAsPredicate(functions) : residual.demands(functions);
    aggregates.forEach(
        (name, aggregate) -> {
          Expression argument = aggregate.argument();
          if (argument != null) {
            argument.demands(functions).forEach(demands::putIfAbsent);
            String column = argument.columnName();
            DataType wanted = aggregate.kind().isNumeric() ? DataType.DOUBLE : ofResidual.get(name);
            if (column != null && wanted != null) {
              demands.putIfAbsent(column, wanted);
            }
          }
        });
    ofResidual.forEach(
        (name, type) -> {
          if (!aggregates.containsKey(name)) {
            demands.putIfAbsent(name, type);
          }
        });
    return demands;
  }

  /**
   * The events' fields and one for each aggregate.
   *
   * @throws FluxCoreException of category USER that holds all that is wrong
   */
  Schema schema(Schema events, ExpressionContext context) {
    List<Diagnostic> problems = new ArrayList<>();
    Schema schema = events.closed();
    for (Map.Entry<String, StageAggregate> entry : aggregates.entrySet()) {
      DataType type = type(entry.getValue(), events, context, problems);
      if (type != null) {
        schema = schema.with(new Field(entry.getKey(), type));
      }
    }
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    return schema;
  }

  private @Nullable DataType type(
      StageAggregate aggregate,
      Schema events,
      ExpressionContext context,
      List<Diagnostic> problems) {
    Expression argument = aggregate.argument();
    if (argument == null) {
      return DataType.LONG;
    }
    List<Diagnostic> found = argument.check(events, context);
    if (!found.isEmpty()) {
      found.forEach(problem -> problems.add(problem.in("'" + text + "'")));
      return null;
    }
    DataType of = argument.compile(events, context).type();
    DataType type = aggregate.kind().type(of);
    if (type == null) {
      problems.add(
          Diagnostic.error(
              "FLX-PATTERN-0012",
              new SourceText(text).place(0).in("'" + text + "'"),
              aggregate.kind().word() + " of " + argument + ", which is " + of,
              "use a field of another type, or a cast"));
    }
    return type;
  }

  @Override
  public String toString() {
    return text;
  }

  /** Takes what is about stages out of a tree. */
  private static final class Extraction implements TreeRewrite {
    private final String text;
    private final Set<String> stages;
    final Map<String, StageAggregate> aggregates = new LinkedHashMap<>();

    Extraction(String text, Set<String> stages) {
      this.text = text;
      this.stages = stages;
    }

    @Override
    public @Nullable Node replacement(Node node) {
      if (node instanceof Node.Call call && call.arguments().size() == 1) {
        StageAggregate.Kind kind = StageAggregate.Kind.find(call.name());
        Node argument = call.arguments().get(0);
        if (kind != null && isOfStage(argument, kind)) {
          return column(node, aggregate(kind, argument));
        }
      }
      if (stageOf(node) != null) {
        return column(node, aggregate(StageAggregate.Kind.LAST, node));
      }
      return null;
    }

    /** The stage that an access such as {@code start.price} begins with, or null. */
    private @Nullable String stageOf(Node node) {
      return node instanceof Node.Access access
              && access.key() instanceof String
              && access.target() instanceof Node.FieldReference field
              && stages.contains(field.name())
          ? field.name()
          : null;
    }

    private boolean isOfStage(Node argument, StageAggregate.Kind kind) {
      boolean ofEvents =
          kind == StageAggregate.Kind.COUNT
              && argument instanceof Node.FieldReference field
              && stages.contains(field.name());
      return ofEvents || namesStage(argument);
    }

    private boolean namesStage(Node node) {
      return stageOf(node) != null || node.children().stream().anyMatch(this::namesStage);
    }

    private StageAggregate aggregate(StageAggregate.Kind kind, Node argument) {
      if (argument instanceof Node.FieldReference whole) {
        return new StageAggregate(kind, whole.name(), null);
      }
      Set<String> named = new LinkedHashSet<>();
      Set<String> bare = new LinkedHashSet<>();
      Node own = new StageFields(named, bare).rewrite(argument);
      if (named.size() != 1 || !bare.isEmpty()) {
        throw FluxCoreException.user(
            "FLX-PATTERN-0011",
            new SourceText(text).place(argument.position()),
            kind.word()
                + " is over the events of one stage, but names "
                + (named.size() == 1 ? "the fields " + bare + " of none" : "those of " + named),
            "write each field in it as stage.field, all of the same stage");
      }
      return new StageAggregate(
          kind, named.iterator().next(), Expression.parse(Printer.print(own)));
    }

    private Node column(Node replaced, StageAggregate aggregate) {
      String name = aggregate.toString();
      aggregates.put(name, aggregate);
      return new Node.FieldReference(replaced.position(), name);
    }

    /** Makes fields of stages those of their events. */
    private final class StageFields implements TreeRewrite {
      private final Set<String> named;
      private final Set<String> bare;

      StageFields(Set<String> named, Set<String> bare) {
        this.named = named;
        this.bare = bare;
      }

      @Override
      public @Nullable Node replacement(Node node) {
        String stage = stageOf(node);
        if (stage != null && node instanceof Node.Access access) {
          named.add(stage);
          return new Node.FieldReference(node.position(), (String) access.key());
        }
        if (node instanceof Node.FieldReference field) {
          bare.add(field.name());
        }
        return null;
      }
    }
  }
}
