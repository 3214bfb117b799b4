package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with aggregates over a schema. */
final class AggregateCheck {
  private final Schema input;
  private final ExpressionContext expressions;
  private final List<Diagnostic> findings = new ArrayList<>();

  AggregateCheck(Schema input, ExpressionContext expressions) {
    this.input = input;
    this.expressions = expressions;
  }

  List<Diagnostic> check(List<AggregateCall> calls) {
    calls.forEach(this::check);
    return findings;
  }

  private void check(AggregateCall call) {
    Field field = find(call, call.field());
    if (field != null) {
      String problem = typeProblem(call, field.type());
      if (problem != null) {
        error("FLX-AGG-0003", call, problem, "");
      }
    }
    settings(call);
    order(call);
    condition(call);
  }

  private void error(String code, AggregateCall call, String message, String remedy) {
    findings.add(Diagnostic.error(code, Place.of(call.toString()), message, remedy));
  }

  private @Nullable Field find(AggregateCall call, @Nullable String name) {
    if (name == null) {
      return null;
    }
    Field field = input.find(name);
    if (field == null) {
      error(
          "FLX-AGG-0002",
          call,
          "there is no field '" + name + "'",
          NearestName.remedy(name, input.fieldNames(), "fields are"));
    }
    return field;
  }

  private static @Nullable String typeProblem(AggregateCall call, DataType type) {
    return call.kind() == Kind.CUSTOM
        ? customProblem(call, type)
        : call.kind().argument().problem(call.field(), type);
  }

  private static @Nullable String customProblem(AggregateCall call, DataType type) {
    try {
      AggregateFunction<?> function = call.function();
      if (function != null) {
        function.resultType(type);
      }
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private void settings(AggregateCall call) {
    AggregateSettings settings = call.settings();
    if (call.kind() == Kind.COLLECT) {
      limit(call, AggregateSettings.MAX_COLLECTED);
    } else if (call.kind() == Kind.TOP) {
      limit(call, AggregateSettings.MAX_TOP);
      label(call);
    } else if (call.kind().hasFractions()) {
      other(call, DataType.LONG);
      if (settings.fractions().isEmpty()) {
        error("FLX-AGG-0004", call, "no fraction is given", "give at least one, such as 0.95");
      }
      for (double fraction : settings.fractions()) {
        if (!(fraction >= 0 && fraction <= 1)) {
          error(
              "FLX-AGG-0004",
              call,
              "the fraction " + fraction + " is not within 0..1",
              "the 95th percentile is 0.95");
        }
      }
    } else if (call.kind().ofPairs() != null) {
      if (settings.other() == null) {
        error(
            "FLX-AGG-0004",
            call,
            "it is of pairs, and has one field",
            "say the independent variable, too");
      }
      other(call, null);
    }
  }

  /** The second field is a number, or of a type. */
  private void other(AggregateCall call, @Nullable DataType wanted) {
    Field other = find(call, call.settings().other());
    if (other == null) {
      return;
    }
    boolean isRight = wanted == null ? other.type().isNumeric() : other.type().equals(wanted);
    if (!isRight) {
      error(
          "FLX-AGG-0003",
          call,
          "'" + other.name() + "' is " + other.type(),
          wanted == null ? "name a number" : "how often a value counts is a whole number");
    }
  }

  private void order(AggregateCall call) {
    List<SortField> order = call.settings().order();
    if (call.kind() == Kind.LIST && order.isEmpty()) {
      error("FLX-AGG-0004", call, "no order is given", "say by which fields the list is ordered");
    }
    for (SortField by : order) {
      Field field = find(call, by.name());
      if (field != null && field.type().kind() == DataType.Kind.NESTED) {
        error(
            "FLX-AGG-0003",
            call,
            "'" + by.name() + "' is nested and has no order",
            "order by a text, a number or a time");
      } else if (call.kind().hasFractions() && !by.name().equals(call.field())) {
        error(
            "FLX-AGG-0004",
            call,
            "it is ordered by '" + by.name() + "'",
            "percentiles have the order of their own values");
      }
    }
  }

  private void limit(AggregateCall call, int largest) {
    int limit = call.settings().limit();
    if (limit < 1 || limit > largest) {
      error(
          "FLX-AGG-0004",
          call,
          "the limit " + limit + " is not within 1.." + largest,
          "say how many values are kept at most: each group holds them in its state");
    }
  }

  private void label(AggregateCall call) {
    String name = call.settings().label();
    Field label = find(call, name);
    if (label == null) {
      return;
    }
    if (label.name().equals(call.field())) {
      error("FLX-AGG-0004", call, "'" + name + "' labels itself", "leave out the label");
    } else if (label.type().kind() == DataType.Kind.NESTED
        || label.type().kind() == DataType.Kind.BYTES) {
      error(
          "FLX-AGG-0003",
          call,
          "the label '" + name + "' is " + label.type() + ", which has no order",
          "label by a text, a number or a time");
    }
  }

  private void condition(AggregateCall call) {
    String condition = call.settings().condition();
    if (condition != null) {
      try {
        Expression.parse(condition).compilePredicate(input, expressions);
      } catch (FluxCoreException e) {
        e.diagnostics().forEach(d -> findings.add(d.in(call.toString())));
      }
    }
  }
}
