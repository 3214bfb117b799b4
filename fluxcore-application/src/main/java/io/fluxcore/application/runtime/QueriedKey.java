package io.fluxcore.application.runtime;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.Operator;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes columns of one row of a key that somebody asks for. */
public final class QueriedKey {
  private QueriedKey() {}

  /**
   * The operator that somebody asks.
   *
   * @throws FluxCoreException of category NOT_FOUND if the plan has none of this name
   */
  public static PlannedOperator operator(ExecutionPlan plan, String operatorId) {
    List<String> known = new ArrayList<>();
    for (PlannedStage stage : plan.stages()) {
      for (PlannedOperator operator : stage.operators()) {
        if (operator.operatorId().equals(operatorId)) {
          return operator;
        }
        known.add(operator.operatorId());
      }
    }
    throw new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error(
            "FLX-QUERY-0001",
            Place.of("operator"),
            "the job has no operator '" + operatorId + "'",
            NearestName.remedy(operatorId, known, "operators are")));
  }

  /**
   * The types of the key by which an operator can be asked.
   *
   * @throws FluxCoreException of category USER if it cannot
   */
  public static List<DataType> types(String operatorId, Operator operator) {
    List<DataType> types = operator.stateKeyTypes();
    if (types == null) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-QUERY-0002",
              Place.of("operator '" + operatorId + "'"),
              "it has no state that can be asked for by key",
              "ask a process function, or an aggregate over windows of time"));
    }
    return types;
  }

  /**
   * A key's columns.
   *
   * @param types of its fields
   * @param values one a field: of the field's class, a number for a number, or its text
   * @throws FluxCoreException of category USER if they are not that
   */
  public static Column[] columns(String operatorId, List<DataType> types, List<?> values) {
    if (types.size() != values.size()) {
      throw wrong(
          operatorId,
          "its key has " + types.size() + " fields, not " + values.size(),
          "give a value for each of " + types);
    }
    Column[] columns = new Column[types.size()];
    for (int i = 0; i < columns.length; i++) {
      DataType type = types.get(i);
      Object value = values.get(i);
      ColumnBuilder builder = new ColumnBuilder(type, 1);
      try {
        builder.append(value == null ? null : convert(type, value));
      } catch (IllegalArgumentException
          | ArithmeticException
          | DateTimeException
          | ClassCastException e) {
        throw wrong(
            operatorId, "'" + value + "' is no " + type, "give a key of the types " + types);
      }
      columns[i] = builder.build();
    }
    return columns;
  }

  private static Object convert(DataType type, Object value) {
    if (Values.isOf(type, value) && type.kind() != DataType.Kind.DECIMAL) {
      return value;
    }
    String text = value.toString();
    return switch (type.kind()) {
      case BOOLEAN -> {
        if (!text.equals("true") && !text.equals("false")) {
          throw new IllegalArgumentException(text);
        }
        yield text.equals("true");
      }
      case LONG -> new BigDecimal(text).longValueExact();
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> new BigDecimal(text).setScale(type.scale());
      case STRING -> text;
      case BYTES -> HexFormat.of().parseHex(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> LocalDateTime.parse(text);
      case TIMESTAMP_TZ -> Instant.parse(text);
      case NESTED -> throw new IllegalArgumentException(text);
    };
  }

  private static FluxCoreException wrong(String operatorId, String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.USER,
        Diagnostic.error(
            "FLX-QUERY-0003", Place.of("operator '" + operatorId + "'"), message, remedy));
  }

  /** A value of a key as text. */
  public static @Nullable String text(Column column) {
    Object value = column.get(0);
    return value == null ? null : KeyState.text(value);
  }
}
