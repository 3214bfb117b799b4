package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Values;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A user's function of objects, lifted to columns. */
final class RowFunction implements ScalarFunction {
  private final String name;
  private final DataType result;
  private final List<DataType> parameters;
  private final Function<@Nullable Object[], @Nullable Object> body;
  private final boolean deterministic;

  RowFunction(
      String name,
      DataType result,
      List<DataType> parameters,
      Function<@Nullable Object[], @Nullable Object> body,
      boolean deterministic) {
    this.name = name.toLowerCase(Locale.ROOT);
    this.result = result;
    this.parameters = List.copyOf(parameters);
    this.body = body;
    this.deterministic = deterministic;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String signature() {
    return parameters.stream()
        .map(DataType::toString)
        .collect(Collectors.joining(", ", name + "(", ") → " + result));
  }

  @Override
  public String toString() {
    return signature();
  }

  @Override
  public String description() {
    return "A function of the application.";
  }

  @Override
  public boolean isDeterministic() {
    return deterministic;
  }

  @Override
  public @Nullable DataType demand(int argument) {
    return argument < parameters.size() ? parameters.get(argument) : null;
  }

  @Override
  public Binding bind(List<? extends Operand> arguments, ExpressionContext context) {
    Arguments.expectCount(this, arguments, parameters.size(), parameters.size());
    return new Binding(result, parameters, this::evaluate);
  }

  private Column evaluate(Rows rows, List<Operand> arguments) {
    Column[] columns = new Column[arguments.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = arguments.get(i).evaluate(rows);
    }
    ColumnBuilder values = new ColumnBuilder(result, rows.count());
    int[] places = new int[rows.rowCount()];
    Arrays.fill(places, -1);
    for (int i = 0; i < rows.count(); i++) {
      places[rows.row(i)] = i;
      append(rows, rows.row(i), columns, values);
    }
    return values.build().gather(places, places.length);
  }

  private void append(Rows rows, int row, Column[] columns, ColumnBuilder values) {
    @Nullable Object[] arguments = new @Nullable Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      arguments[i] = columns[i].get(row);
    }
    try {
      values.append(checked(body.apply(arguments)));
    } catch (RecordException e) {
      rows.fail(row, e);
      values.appendNull();
    } catch (RuntimeException e) {
      rows.fail(row, new RecordException("FLX-EXPR-0105", name + " threw " + e, e));
      values.appendNull();
    }
  }

  private @Nullable Object checked(@Nullable Object value) {
    if (value != null && !Values.isOf(result, value)) {
      throw new RecordException(
          "FLX-EXPR-0105",
          name + " returned a " + value.getClass().getSimpleName() + ", not a " + result);
    }
    return value instanceof BigDecimal decimal ? Decimals.fit(decimal, result) : value;
  }
}
