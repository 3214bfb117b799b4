package io.fluxcore.boot.conformance;

import io.fluxcore.boot.conformance.TrinoText.Rows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Cases in Trino's SQL, written as those that {@link SqlCase} runs. */
final class TrinoCase {
  private TrinoCase() {}

  static boolean isOne(ConformanceCase tested) {
    return tested.json().path("dialect").asString("").equals("trino-sql");
  }

  /** The case with tables, rows and queries of FluxCore. */
  static ConformanceCase translated(ConformanceCase tested) {
    ObjectNode json = (ObjectNode) tested.json().deepCopy();
    ArrayNode tables = JsonMapper.shared().createArrayNode();
    ArrayNode input = JsonMapper.shared().createArrayNode();
    ArrayNode sql = JsonMapper.shared().createArrayNode();
    tested
        .definition()
        .path("sql")
        .forEach(
            query -> {
              TrinoText text = new TrinoText(query.asString());
              sql.add(text.query());
              text.tables().forEach(rows -> add(rows, text.order(rows), tables, input));
            });
    json.set("tables", tables);
    json.set("input", input);
    ((ObjectNode) json.path("definition")).set("sql", sql);
    return new ConformanceCase(tested.group(), json);
  }

  private static void add(Rows rows, String order, ArrayNode tables, ArrayNode input) {
    List<Integer> times = times(rows, order);
    boolean isInOrder = true;
    for (int i = 1; i < times.size(); i++) {
      isInOrder &= times.get(i - 1) <= times.get(i);
    }
    ObjectNode table = tables.addObject();
    table.put("table", rows.name());
    ArrayNode columns = table.putArray("columns");
    rows.columns().forEach(column -> columns.add("`" + column + "`"));
    columns.add(TrinoText.TIME + " TIMESTAMP(3)");
    columns.add(
        "WATERMARK FOR "
            + TrinoText.TIME
            + " AS "
            + TrinoText.TIME
            + (isInOrder ? "" : " - INTERVAL '1' HOUR"));
    for (int i = 0; i < times.size(); i++) {
      ObjectNode step = input.addObject();
      step.put("table", rows.name());
      ArrayNode row = step.putArray("row");
      rows.rows().get(i).forEach(literal -> add(literal, row));
      row.add("1970-01-01T00:00:00.%03d".formatted(times.get(i)));
    }
  }

  private static void add(String literal, ArrayNode row) {
    if (literal.startsWith("'")) {
      row.add(text(literal));
    } else if (literal.matches("-?\\d+")) {
      row.add(Long.parseLong(literal));
    } else if (literal.equalsIgnoreCase("null")) {
      row.addNull();
    } else if (literal.equalsIgnoreCase("true") || literal.equalsIgnoreCase("false")) {
      row.add(Boolean.parseBoolean(literal));
    } else {
      throw new UnsupportedCaseException("a row that holds " + literal);
    }
  }

  private static String text(String literal) {
    return literal.substring(1, literal.length() - 1).replace("''", "'");
  }

  /** The place of each row in the order; rows of the same place have the same time. */
  private static List<Integer> times(Rows rows, String order) {
    int at = order == null ? -1 : rows.columns().indexOf(order);
    List<Integer> times = new ArrayList<>();
    for (int i = 0; i < rows.rows().size(); i++) {
      if (at < 0) {
        times.add(i);
        continue;
      }
      String own = rows.rows().get(i).get(at);
      times.add(
          (int)
              rows.rows().stream()
                  .map(row -> row.get(at))
                  .filter(other -> compare(other, own) < 0)
                  .distinct()
                  .count());
    }
    return times;
  }

  private static int compare(String a, String b) {
    return a.startsWith("'")
        ? text(a).compareTo(text(b))
        : new BigDecimal(a).compareTo(new BigDecimal(b));
  }
}
