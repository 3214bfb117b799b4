package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.sql.SqlDatabase;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is read, and how.
 *
 * @param table as it was given, or null
 * @param query in its place, or null
 * @param columns by field, those that are called otherwise than their field
 * @param column that increases; null: none, all is read once
 * @param key by which rows of one value of the column are told apart; empty: the primary key
 * @param startAfter the value behind which a first start begins, or null
 * @param settle how long rows of smaller values may come late
 * @param splits in how many parts rows are read, by the remainder of the column
 */
record JdbcSettings(
    SqlDatabase database,
    @Nullable String table,
    @Nullable String query,
    Map<String, String> columns,
    @Nullable String column,
    List<String> key,
    StartFrom startFrom,
    @Nullable String startAfter,
    boolean bounded,
    int fetchSize,
    Duration pollInterval,
    Duration settle,
    int splits) {
  private static final int MAX_FETCH = 100_000;
  private static final int MAX_SPLITS = 64;
  private static final String TABLE = "table";
  private static final String QUERY = "query";
  private static final String COLUMNS = "columns";
  private static final String COLUMN = "column";
  private static final String KEY = "key";
  private static final String START_FROM = "startFrom";
  private static final String START_AFTER = "startAfter";
  private static final String BOUNDED = "bounded";
  private static final String FETCH_SIZE = "fetchSize";
  private static final String POLL_INTERVAL = "pollInterval";
  private static final String SETTLE = "settle";
  private static final String SPLITS = "splits";

  JdbcSettings {
    columns = Map.copyOf(columns);
    key = List.copyOf(key);
  }

  /** Where a first start begins. */
  enum StartFrom {
    EARLIEST,
    LATEST,
    VALUE
  }

  static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.optional(
            TABLE,
            OptionSpec.Type.STRING,
            null,
            "The table or view: its name, or `schema.name`; in any case if there is only one."),
        OptionSpec.optional(
            QUERY,
            OptionSpec.Type.STRING,
            null,
            "In place of `table` a query whose rows are read; it needs no order."),
        OptionSpec.optional(
            COLUMN,
            OptionSpec.Type.STRING,
            null,
            "The column that increases with each row: a number, a time, a date or a text. Without"
                + " it all rows are read once (`bounded: true`)."),
        OptionSpec.optional(
            KEY,
            OptionSpec.Type.LIST,
            null,
            "Columns that together with `column` are unique, so that rows of one value are neither"
                + " lost nor read twice. Without it the table's primary key."),
        OptionSpec.oneOf(
            START_FROM,
            List.of("earliest", "latest", "value"),
            "earliest",
            "Where a start without a checkpoint begins: with the smallest value, behind what is"
                + " there then, or behind `startAfter`."),
        OptionSpec.optional(
            START_AFTER,
            OptionSpec.Type.STRING,
            null,
            "For `startFrom: value`: the value of `column` behind which reading begins."),
        OptionSpec.optional(
            BOUNDED,
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether reading ends with what is there when it begins."),
        OptionSpec.optional(
            POLL_INTERVAL,
            OptionSpec.Type.DURATION,
            "1s",
            "How often new rows are looked for, from 10ms to 1d."),
        OptionSpec.optional(
            SETTLE,
            OptionSpec.Type.DURATION,
            "1s",
            "How long a row may become visible after others with larger values: longer than any"
                + " transaction that writes rows. So long each value is waited for; at `0s` rows"
                + " that come late are passed over."),
        OptionSpec.optional(
            FETCH_SIZE,
            OptionSpec.Type.LONG,
            "2000",
            "Rows that are asked for together, from 1 to 100,000; no more than a batch has."),
        OptionSpec.optional(
            SPLITS,
            OptionSpec.Type.LONG,
            "1",
            "In how many parts rows are read side by side, by the remainder of `column`, which then"
                + " is a whole number; from 1 to 64. It stays for the life of a job."),
        OptionSpec.optional(
            COLUMNS,
            OptionSpec.Type.MAP,
            null,
            "By field, the columns that are not called like their field."));
  }

  static JdbcSettings of(ConnectorOptions options, OptionProblems problems) {
    boolean bounded = options.bool(BOUNDED);
    if (options.has(TABLE) == options.has(QUERY)) {
      problems.add(TABLE, "what is read is said by 'table' or by 'query'", "give one of the two");
    }
    boolean hasColumn = options.has(COLUMN);
    if (!hasColumn && !bounded) {
      problems.add(
          COLUMN,
          "nothing says which rows are new",
          "name a column that increases, or set bounded: true to read all once");
    }
    if (hasColumn && options.has(QUERY) && options.list(KEY).isEmpty()) {
      problems.add(
          KEY,
          "a query has no primary key by which rows of one value could be told apart",
          "name columns that together with 'column' are unique; or 'column' itself, if it is");
    }
    StartFrom start = StartFrom.valueOf(options.string(START_FROM).toUpperCase(Locale.ROOT));
    if (start == StartFrom.VALUE && !options.has(START_AFTER)) {
      problems.add(START_AFTER, "startFrom is 'value', and it is missing", "give it");
    } else if (start != StartFrom.VALUE && options.has(START_AFTER)) {
      problems.add(START_AFTER, "it is for startFrom: value", "set that, or leave the option out");
    }
    problems.range(FETCH_SIZE, options.integer(FETCH_SIZE), 1, MAX_FETCH);
    problems.range(SPLITS, options.integer(SPLITS), 1, MAX_SPLITS);
    if (!hasColumn) {
      for (String option : List.of(KEY, START_AFTER)) {
        if (options.has(option)) {
          problems.add(option, "without 'column' it says nothing", "name the column");
        }
      }
      if (start != StartFrom.EARLIEST) {
        problems.add(START_FROM, "without 'column' all rows are read", "name the column");
      }
      if (options.integer(SPLITS) > 1) {
        problems.add(SPLITS, "rows are parted by 'column'", "name the column");
      }
    }
    duration(POLL_INTERVAL, Duration.ofMillis(10), options, problems);
    duration(SETTLE, Duration.ZERO, options, problems);
    Map<String, String> columns = new LinkedHashMap<>();
    options.map(COLUMNS).forEach((field, column) -> columns.put(field, String.valueOf(column)));
    return new JdbcSettings(
        SqlDatabase.of(options, problems),
        options.optionalString(TABLE),
        options.optionalString(QUERY),
        columns,
        options.optionalString(COLUMN),
        options.list(KEY),
        start,
        options.optionalString(START_AFTER),
        bounded,
        (int) options.integer(FETCH_SIZE),
        options.duration(POLL_INTERVAL),
        options.duration(SETTLE),
        (int) options.integer(SPLITS));
  }

  private static void duration(
      String option, Duration least, ConnectorOptions options, OptionProblems problems) {
    Duration value = options.duration(option);
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      problems.add(
          option, value + " is out of range", "give a value from " + least.toMillis() + "ms to 1d");
    }
  }

  /** What is read, in a word. */
  String what() {
    return table == null ? "query" : table;
  }

  @Override
  public String toString() {
    return what() + " in " + database;
  }
}
