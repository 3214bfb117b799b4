package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code GAP_FILL(table, time, interval, LOCF(column), …)}: a row for each interval between a row
 * and the one before it. In FluxCore's SQL it is {@code LAG}, which knows the row before, and
 * {@code UNNEST(SEQUENCE(1, n))}, of which the last row is the row itself: docs/sql.md has it too.
 * Of rows in the order of their times, which emit when the watermark has passed them.
 */
final class GapFill {
  private static final Set<String> CALENDAR = Set.of("month", "months", "year", "years");

  private GapFill() {}

  /**
   * Writes it into the tokens.
   *
   * @param at of its name
   * @param end of its closing parenthesis
   * @param columns of tables
   */
  static void write(List<String> tokens, int at, int end, Map<String, List<String>> columns) {
    List<List<String>> arguments = ArroyoText.split(tokens.subList(at + 2, end));
    List<String> known = columns.get(arguments.get(0).get(0));
    String interval = arguments.size() < 3 ? "" : String.join(" ", arguments.get(2));
    if (known == null
        || !tokens.contains("emit")
        || CALENDAR.stream().anyMatch(interval::contains)) {
      throw new UnsupportedCaseException("GAP_FILL of " + arguments);
    }
    String time = arguments.get(1).get(0);
    List<String> filled = new ArrayList<>();
    List<String> before = new ArrayList<>(List.of(lag(time, time)));
    filled.add(
        "case when gap_step = gap_steps then %s else %s + %s * gap_step end as %s"
            .formatted(time, before(time), interval, time));
    for (String column : known) {
      if (!column.equals(time)) {
        filled.add(column(column, arguments.subList(3, arguments.size())));
        before.add(lag(column, time));
      }
    }
    String text =
        """
        ( select %s
          from ( select *, case when %s < %s then (epoch_millis(%s) - epoch_millis(%s) - 1)
                   / (epoch_millis(%s + %s) - epoch_millis(%s)) + 1 else 1 end as gap_steps
                 from ( select *, %s from %s ) )
          cross join unnest(sequence(1, gap_steps)) as gap_rows(gap_step) )
        """
            .formatted(
                String.join(", ", filled),
                before(time),
                time,
                time,
                before(time),
                before(time),
                interval,
                before(time),
                String.join(", ", before),
                arguments.get(0).get(0));
    tokens.subList(at, end + 1).clear();
    tokens.addAll(at, PostgresText.tokens(text));
  }

  private static String before(String column) {
    return "gap_before_" + column;
  }

  private static String lag(String column, String time) {
    return "lag(%s) over (order by %s) as %s".formatted(column, time, before(column));
  }

  /** What a row between two others has of a column; nothing, unless it is said. */
  private static String column(String column, List<List<String>> strategies) {
    String between = "null";
    for (List<String> strategy : strategies) {
      if (strategy.size() == 4 && strategy.get(2).equals(column)) {
        between =
            switch (strategy.get(0)) {
              case "locf" -> before(column);
              case "interpolate" ->
                  "%2$s + (%1$s - %2$s) * gap_step / gap_steps".formatted(column, before(column));
              case "keep" -> "null";
              default -> throw new UnsupportedCaseException("GAP_FILL by " + strategy);
            };
      }
    }
    return "case when gap_step = gap_steps then %s else %s end as %s"
        .formatted(column, between, column);
  }
}
