package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, and how; or where they are looked up.
 *
 * @param url address of the database, without password
 * @param driver class name of the driver, or null: found by the address
 * @param table as it was given: a name, or schema and name with a point between
 * @param columns by field, those that are called otherwise than their field
 * @param upsert whether a row replaces the one of its key
 * @param keyFields of an upsert, else empty
 * @param batchSize rows that are sent to the database together
 * @param queryTimeout how long the database may take for a statement
 * @param createTable whether a table that is missing is made
 */
record JdbcOptions(
    String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable Path passwordFile,
    @Nullable String driver,
    String table,
    Map<String, String> columns,
    boolean upsert,
    List<String> keyFields,
    int batchSize,
    Duration queryTimeout,
    boolean createTable) {
  private static final int MAX_BATCH = 100_000;
  private static final String TIMEOUT = "queryTimeout";
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

  /**
   * What options say.
   *
   * @param rows what the rows do; their key is that of upserts that name none
   */
  static JdbcOptions of(
      ConnectorOptions options, Schema schema, Changes rows, OptionProblems problems) {
    String url = options.string("url");
    checkUrl(url, problems);
    problems.range("batchSize", options.integer("batchSize"), 1, MAX_BATCH);
    Duration queryTimeout = options.duration(TIMEOUT);
    if (queryTimeout.compareTo(MIN_TIMEOUT) < 0 || queryTimeout.compareTo(MAX_TIMEOUT) > 0) {
      problems.add(TIMEOUT, queryTimeout + " is out of range", "give a value from 1s to 1d");
    }
    boolean upsert = options.string("mode").equals("upsert");
    List<String> keys = options.list("key");
    if (upsert && keys.isEmpty()) {
      keys = rows.key() == null ? keys : rows.key();
      if (keys.isEmpty()) {
        problems.add(
            "key",
            "mode 'upsert' needs to know by what rows are the same, and nothing is known to name"
                + " them",
            "name fields");
      }
    }
    if (!upsert && !keys.isEmpty()) {
      problems.add("key", "mode 'append' has no use for it", "set mode to 'upsert', or leave it");
    }
    keys.forEach(key -> checkField("key", key, schema, problems));
    return of(
        options,
        schema,
        new Writing(
            upsert,
            keys,
            (int) options.integer("batchSize"),
            queryTimeout,
            options.bool("createTable")),
        problems);
  }

  /** What is said of rows that are written. */
  private record Writing(
      boolean upsert,
      List<String> keyFields,
      int batchSize,
      Duration queryTimeout,
      boolean createTable) {}

  /**
   * What options of a lookup say.
   *
   * @param schema the fields that are read
   * @param timeout of a statement, which databases are told in whole seconds
   */
  static JdbcOptions ofLookup(
      ConnectorOptions options, Schema schema, Duration timeout, OptionProblems problems) {
    checkUrl(options.string("url"), problems);
    Duration seconds = Duration.ofSeconds(Math.max(1, timeout.plusMillis(999).toSeconds()));
    return of(options, schema, new Writing(false, List.of(), 1, seconds, false), problems);
  }

  private static JdbcOptions of(
      ConnectorOptions options, Schema schema, Writing writing, OptionProblems problems) {
    Map<String, String> columns = new LinkedHashMap<>();
    options.map("columns").forEach((field, column) -> columns.put(field, String.valueOf(column)));
    columns.keySet().forEach(field -> checkField("columns", field, schema, problems));
    boolean hasFile = options.has("passwordFile");
    if (hasFile && options.has("password")) {
      problems.add("passwordFile", "there is a password beside", "give one of the two");
    }
    return new JdbcOptions(
        options.string("url"),
        options.optionalString("user"),
        options.optionalString("password"),
        hasFile ? options.path("passwordFile") : null,
        options.optionalString("driver"),
        options.string("table"),
        columns,
        writing.upsert(),
        writing.keyFields(),
        writing.batchSize(),
        writing.queryTimeout(),
        writing.createTable());
  }

  private static void checkUrl(String url, OptionProblems problems) {
    if (Dialect.find(url) == null) {
      problems.add(
          "url",
          "'" + url + "' is an address of neither PostgreSQL nor H2",
          "give one such as jdbc:postgresql://host/database or jdbc:h2:file:/path/name");
    }
    if (url.toLowerCase(Locale.ROOT).contains("password=")) {
      problems.add(
          "url",
          "it holds a password, which would show wherever the address does",
          "give it in the option 'password' or 'passwordFile'");
    }
  }

  private static void checkField(
      String option, String field, Schema schema, OptionProblems problems) {
    if (schema.indexOf(field) < 0) {
      problems.add(
          option,
          "there is no field '" + field + "'",
          "fields are " + String.join(", ", schema.fieldNames()));
    }
  }

  Dialect dialect() {
    Dialect found = Dialect.find(url);
    if (found == null) {
      throw new IllegalStateException(url);
    }
    return found;
  }

  /** The name of a field's column, as it was given. */
  String column(String field) {
    return columns.getOrDefault(field, field);
  }

  /** The password now; a file is read each time, since it may be changed. */
  @Nullable String currentPassword() {
    if (passwordFile == null) {
      return password;
    }
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(passwordFile));
      return lines.isEmpty() ? "" : lines.get(0);
    } catch (IOException e) {
      throw JdbcErrors.user(
          JdbcErrors.PASSWORD_FILE,
          "passwordFile",
          "cannot read " + passwordFile + ": " + e,
          "let this user read it; its first line is the password");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return table + " in " + url;
  }
}
