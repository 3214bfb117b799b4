package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** The arguments of aggregates that are written literally: they are columns of what is below. */
final class LiteralArguments {
  private LiteralArguments() {}

  private static @Nullable RexNode argument(Aggregate aggregate, AggregateCall call, int argument) {
    return aggregate.getInput() instanceof Project project
        ? project.getProjects().get(call.getArgList().get(argument))
        : null;
  }

  /** Whether the second argument is a literal text. */
  static boolean hasSeparator(Aggregate aggregate, AggregateCall call) {
    return argument(aggregate, call, 1) instanceof RexLiteral literal && !literal.isNull();
  }

  /** What is put between the texts of a list; a comma where nothing is said. */
  static String separator(Aggregate aggregate, AggregateCall call) {
    if (call.getArgList().size() == 1) {
      return ",";
    }
    RexLiteral literal = (RexLiteral) Objects.requireNonNull(argument(aggregate, call, 1));
    return Objects.requireNonNull(literal.getValueAs(NlsString.class)).getValue();
  }

  /** The fractions of a percentile; none of other functions. */
  static List<Double> fractions(Aggregate aggregate, AggregateCall call) {
    int at =
        switch (call.getAggregation().getName()) {
          case "PERCENTILE_CONT", "PERCENTILE_DISC" -> 0;
          case "PERCENTILE", "APPROX_PERCENTILE" -> 1;
          default -> -1;
        };
    if (at < 0) {
      return List.of();
    }
    RexNode argument = argument(aggregate, call, at);
    boolean isList = argument != null && argument.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR;
    List<RexNode> written =
        argument == null
            ? List.of()
            : isList ? ((RexCall) argument).getOperands() : List.of(argument);
    List<Double> fractions = new ArrayList<>();
    for (RexNode node : written) {
      RexNode plain = node.getKind() == SqlKind.CAST ? ((RexCall) node).getOperands().get(0) : node;
      BigDecimal value =
          plain instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
      fractions.add(value == null ? Double.NaN : value.doubleValue());
    }
    if (fractions.isEmpty()
        || fractions.stream().anyMatch(fraction -> !(fraction >= 0 && fraction <= 1))) {
      throw FluxCoreException.user(
          "FLX-QUERY-0060",
          Place.WHOLE,
          "the fraction of " + call.getAggregation().getName() + " is no literal from 0 to 1",
          "write it literally, such as 0.95");
    }
    return fractions;
  }
}
