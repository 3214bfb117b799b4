package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.adapters.out.http.HttpCall;
import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.event.Schema;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, and how.
 *
 * @param table as it was given: a name, or database and name with a point between
 * @param columns by field, those that are called otherwise than their field
 * @param settings of the server for each insertion
 * @param deduplicationToken whether an insertion that is sent again is known as the same
 */
record ClickHouseOptions(
    URI url,
    String table,
    Map<String, String> columns,
    Map<String, String> settings,
    boolean deduplicationToken,
    int batchSize,
    long batchBytes,
    boolean gzip,
    Duration timeout,
    Duration retryTimeout,
    @Nullable String user,
    Secret password,
    TlsTrust tls) {
  private static final int MAX_BATCH = 1_000_000;
  private static final long MIN_BYTES = 1024;
  private static final long MAX_BYTES = 256L << 20;
  private static final URI NONE = URI.create("http://invalid");
  private static final Pattern TABLE = Pattern.compile("[\\w-]+(\\.[\\w-]+)?");
  private static final Pattern SETTING = Pattern.compile("\\w+");

  static ClickHouseOptions of(ConnectorOptions options, Schema schema, OptionProblems problems) {
    URI url = HttpOptions.url("url", options.string("url"), problems);
    String table = options.string("table");
    if (!TABLE.matcher(table).matches()) {
      problems.add(
          "table", "'" + table + "' is no name of a table", "give table or database.table");
    }
    Map<String, String> columns = new LinkedHashMap<>();
    options
        .map("columns")
        .forEach(
            (field, column) -> {
              columns.put(field, String.valueOf(column));
              if (schema.indexOf(field) < 0) {
                problems.add(
                    "columns",
                    "there is no field '" + field + "'",
                    "fields are " + String.join(", ", schema.fieldNames()));
              }
            });
    Map<String, String> settings = new LinkedHashMap<>();
    options
        .map("settings")
        .forEach(
            (name, value) -> {
              settings.put(name, String.valueOf(value));
              if (!SETTING.matcher(name).matches()) {
                problems.add("settings", "'" + name + "' is no name of a setting", "see its name");
              }
            });
    problems.range("batchSize", options.integer("batchSize"), 1, MAX_BATCH);
    problems.range("batchBytes", options.size("batchBytes"), MIN_BYTES, MAX_BYTES);
    if (options.duration("timeout").toMillis() < 1) {
      problems.add("timeout", "a request needs time", "give one such as 1m");
    }
    Secret password = Secret.of(options, "password", problems);
    String user = options.optionalString("user");
    if (user == null && password.isGiven()) {
      problems.add("user", "it is missing beside the password", "give both, or neither");
    }
    return new ClickHouseOptions(
        url == null ? NONE : url,
        table,
        columns,
        settings,
        options.bool("deduplicationToken"),
        (int) options.integer("batchSize"),
        options.size("batchBytes"),
        options.bool("gzip"),
        options.duration("timeout"),
        options.duration("retryTimeout"),
        user,
        password,
        TlsTrust.of(options, problems));
  }

  String column(String field) {
    return columns.getOrDefault(field, field);
  }

  /** The table as statements write it. */
  String quotedTable() {
    return "`" + table.replace(".", "`.`") + "`";
  }

  /** A request for a statement, whose rows, if it takes some, are the body. */
  HttpCall call(String statement, Map<String, String> parameters, byte[] body) {
    StringBuilder text = new StringBuilder(url.toString());
    text.append(url.getRawQuery() == null ? "?" : "&").append("query=").append(encoded(statement));
    parameters.forEach(
        (name, value) -> text.append('&').append(name).append('=').append(encoded(value)));
    HttpCall call = HttpCall.post(URI.create(text.toString()), body);
    return user == null
        ? call
        : call.with("Authorization", HttpSender.basic(user, password.read()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  HttpSender sender() {
    return HttpSender.toAnywhere(timeout, retryTimeout, tls, gzip);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "table '" + table + "' at " + url;
  }
}
