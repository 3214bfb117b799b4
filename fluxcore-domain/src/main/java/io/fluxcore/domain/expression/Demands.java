package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.Node;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the type that the first use of each field demands: from its surroundings down. */
final class Demands {
  private final FunctionCatalogue functions;
  private final Map<String, DataType> demands = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  private Demands(FunctionCatalogue functions) {
    this.functions = functions;
  }

  static Map<String, DataType> of(
      Node tree, @Nullable DataType wanted, FunctionCatalogue functions) {
    Demands walk = new Demands(functions);
    walk.visit(tree, wanted);
    return Collections.unmodifiableMap(walk.demands);
  }

  /** Visits a part from which this type is wanted, or any. */
  private void visit(Node node, @Nullable DataType wanted) {
    if (node instanceof Node.FieldReference field) {
      if (seen.add(field.name()) && wanted != null) {
        demands.put(field.name(), wanted);
      }
    } else if (node instanceof Node.Binary binary) {
      visitBinary(binary);
    } else if (node instanceof Node.Negation) {
      visitAll(node.children(), DataType.DOUBLE);
    } else if (node instanceof Node.Logic || node instanceof Node.Not) {
      visitAll(node.children(), DataType.BOOLEAN);
    } else if (node instanceof Node.Is is) {
      visit(is.operand(), is.truth() == Node.Truth.NULL ? null : DataType.BOOLEAN);
    } else if (node instanceof Node.Between || node instanceof Node.In) {
      visitAll(node.children(), typeAmong(node.children()));
    } else if (node instanceof Node.Like) {
      visitAll(node.children(), DataType.STRING);
    } else if (node instanceof Node.Cast || node instanceof Node.Access) {
      visitAll(node.children(), DataType.NESTED);
    } else if (node instanceof Node.Case branches) {
      visitCase(branches, wanted);
    } else if (node instanceof Node.Call call) {
      visitCall(call, wanted);
    }
  }

  private void visitAll(List<Node> nodes, @Nullable DataType wanted) {
    for (Node node : nodes) {
      visit(node, wanted);
    }
  }

  private void visitBinary(Node.Binary binary) {
    List<Node> operands = binary.children();
    if (binary.operator() == BinaryOperator.CONCATENATE) {
      visitAll(operands, DataType.STRING);
    } else if (binary.operator().isComparison()) {
      visitAll(operands, typeAmong(operands));
    } else {
      boolean interval = operands.stream().anyMatch(Node.Interval.class::isInstance);
      visitAll(operands, interval ? DataType.TIMESTAMP : DataType.DOUBLE);
    }
  }

  private void visitCase(Node.Case node, @Nullable DataType wanted) {
    Node operand = node.operand();
    DataType compared = DataType.BOOLEAN;
    if (operand != null) {
      List<Node> values = new ArrayList<>();
      values.add(operand);
      node.branches().forEach(branch -> values.add(branch.condition()));
      compared = typeAmong(values);
      visit(operand, compared);
    }
    for (Node.When branch : node.branches()) {
      visit(branch.condition(), compared);
      visit(branch.result(), wanted);
    }
    Node otherwise = node.otherwise();
    if (otherwise != null) {
      visit(otherwise, wanted);
    }
  }

  private void visitCall(Node.Call call, @Nullable DataType wanted) {
    ScalarFunction function = functions.find(call.name());
    DataType inherited =
        function instanceof StandardFunction standard && standard.isChoice()
            ? choiceType(call, wanted)
            : null;
    for (int i = 0; i < call.arguments().size(); i++) {
      DataType own = function == null ? null : function.demand(i);
      visit(call.arguments().get(i), own == null ? inherited : own);
    }
  }

  /** What functions want that give one of their arguments: what is wanted of them. */
  private static @Nullable DataType choiceType(Node.Call call, @Nullable DataType wanted) {
    DataType among = typeAmong(call.arguments());
    return among == null ? wanted : among;
  }

  /** The type of the first operand whose type is plain from the text, or null. */
  private static @Nullable DataType typeAmong(List<Node> operands) {
    for (Node operand : operands) {
      DataType type = typeOf(operand);
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  private static @Nullable DataType typeOf(Node node) {
    if (node instanceof Node.Literal literal) {
      return typeOf(literal.value());
    }
    if (node instanceof Node.Cast cast) {
      return cast.type().isNumeric() ? DataType.DOUBLE : cast.type();
    }
    if (node instanceof Node.Negation) {
      return DataType.DOUBLE;
    }
    if (node instanceof Node.Binary binary && !binary.operator().isComparison()) {
      return binary.operator() == BinaryOperator.CONCATENATE
          ? DataType.STRING
          : binary.right() instanceof Node.Interval ? null : DataType.DOUBLE;
    }
    return null;
  }

  private static @Nullable DataType typeOf(@Nullable Object literal) {
    if (literal instanceof Number) {
      return DataType.DOUBLE;
    }
    if (literal instanceof String) {
      return DataType.STRING;
    }
    if (literal instanceof Boolean) {
      return DataType.BOOLEAN;
    }
    if (literal instanceof LocalDate) {
      return DataType.DATE;
    }
    if (literal instanceof LocalDateTime) {
      return DataType.TIMESTAMP;
    }
    return literal instanceof Instant ? DataType.TIMESTAMP_TZ : null;
  }
}
