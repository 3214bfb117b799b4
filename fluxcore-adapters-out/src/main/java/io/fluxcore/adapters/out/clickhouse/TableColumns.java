package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.http.NoAnswerException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of a table that rows are written to, by the server's own word. */
final class TableColumns {
  private TableColumns() {}

  /**
   * The columns of the fields, in their order.
   *
   * @throws NoAnswerException if the server does not answer
   * @throws FluxCoreException if the table is not there, or fields do not fit it
   */
  static List<TableColumn> of(ClickHouseOptions options, Schema rows, HttpSender sender)
      throws NoAnswerException {
    HttpAnswer answer =
        sender.once(
            options.call(
                "DESCRIBE TABLE " + options.quotedTable() + " FORMAT TabSeparated",
                Map.of(),
                new byte[0]));
    if (ClickHouseErrors.isForNow(answer)) {
      throw ClickHouseErrors.noAnswer(options, answer.reason(), 0, null);
    }
    if (!answer.isSuccess()) {
      throw ClickHouseErrors.of(options, answer);
    }
    Map<String, String> types = new LinkedHashMap<>();
    for (String line : answer.text().split("\n")) {
      String[] parts = line.split("\t", -1);
      boolean isComputed =
          parts.length > 2 && (parts[2].equals("MATERIALIZED") || parts[2].equals("ALIAS"));
      if (parts.length > 1 && !isComputed) {
        types.put(parts[0], parts[1].replace("\\'", "'"));
      }
    }
    return match(options, rows, types);
  }

  private static List<TableColumn> match(
      ClickHouseOptions options, Schema rows, Map<String, String> types) {
    List<TableColumn> columns = new ArrayList<>();
    List<Diagnostic> problems = new ArrayList<>();
    for (Field field : rows.fields()) {
      String name = options.column(field.name());
      String type = types.get(name);
      if (type == null) {
        problems.add(
            problem(
                "table '"
                    + options.table()
                    + "' has no column '"
                    + name
                    + "' for field '"
                    + field.name()
                    + "'",
                types));
        continue;
      }
      TableColumn column = TableColumn.of(field, name, type);
      if (column.takes(field.type())) {
        columns.add(column);
      } else {
        problems.add(
            problem(
                "column '"
                    + name
                    + "' is a "
                    + type
                    + ", which takes no "
                    + field.type()
                    + " of field '"
                    + field.name()
                    + "'",
                types));
      }
    }
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    return columns;
  }

  private static Diagnostic problem(String message, Map<String, String> types) {
    List<String> known = new ArrayList<>();
    types.forEach((name, type) -> known.add(name + " (" + type + ")"));
    return Diagnostic.error(
        ClickHouseErrors.COLUMNS,
        Place.of("table"),
        message,
        "its columns are " + String.join(", ", known) + "; name others in 'columns'");
  }
}
