package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server refuses, by the codes of its exceptions. */
final class ClickHouseErrors {
  static final String REFUSED = "FLX-CLICKHOUSE-0001";
  static final String NO_TABLE = "FLX-CLICKHOUSE-0002";
  static final String COLUMNS = "FLX-CLICKHOUSE-0003";
  static final String NO_ANSWER = "FLX-CLICKHOUSE-0004";
  static final String FAILED = "FLX-CLICKHOUSE-0005";
  static final String VALUE = "FLX-CLICKHOUSE-0101";
  static final String ROW = "FLX-CLICKHOUSE-0102";

  private static final Pattern CODE = Pattern.compile("Code: ([0-9]+)");

  /** No such table, database, column. */
  private static final Set<Integer> MISSING = Set.of(60, 81, 16);

  /** Unknown user, wrong password, password needed, authentication, access. */
  private static final Set<Integer> NO_ACCESS = Set.of(192, 193, 194, 497, 516);

  /** Text that is no value of its column, or a value that a constraint refuses. */
  private static final Set<Integer> OF_THE_ROW =
      Set.of(6, 25, 26, 27, 33, 38, 41, 43, 53, 69, 70, 72, 117, 130, 131, 321, 349, 407, 469, 691);

  /** Timeouts, too many queries or parts, memory, read-only, replicas, coordination. */
  private static final Set<Integer> NOT_NOW =
      Set.of(159, 160, 164, 202, 209, 210, 225, 241, 242, 243, 252, 285, 319, 999);

  private ClickHouseErrors() {}

  /** The code that an answer tells; 0: it tells none. */
  private static int code(HttpAnswer answer) {
    Matcher code = CODE.matcher(answer.text());
    return code.find() ? Integer.parseInt(code.group(1)) : 0;
  }

  static boolean isForNow(HttpAnswer answer) {
    return !answer.isSuccess()
        && (NOT_NOW.contains(code(answer)) || (code(answer) == 0 && answer.isForNow()));
  }

  static boolean isOfARow(HttpAnswer answer) {
    return OF_THE_ROW.contains(code(answer)) || answer.status() == 413;
  }

  static boolean isMissing(HttpAnswer answer) {
    return MISSING.contains(code(answer));
  }

  /** An answer that is about no row. */
  static FluxCoreException of(ClickHouseOptions options, HttpAnswer answer) {
    String message = "cannot write to " + options + ": " + answer.reason();
    if (NO_ACCESS.contains(code(answer)) || answer.status() == 401 || answer.status() == 403) {
      return FluxCoreException.user(
          REFUSED,
          Place.of("user"),
          message,
          "give the user and password that the server expects, with the right to insert");
    }
    if (isMissing(answer)) {
      return FluxCoreException.user(
          NO_TABLE, Place.of("table"), message, "make the table, or give the name of another");
    }
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                FAILED, Place.of("url"), message, "see what the server says in its log")),
        null);
  }

  static TransientSinkException noAnswer(
      ClickHouseOptions options, String reason, int taken, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(
            NO_ANSWER,
            Place.of("url"),
            "cannot write to " + options + " now: " + reason,
            "see whether the server runs, can be reached, and has room"),
        taken,
        cause);
  }

  static RecordException value(String field, String column, String problem) {
    return new RecordException(
        VALUE, "field '" + field + "' does not fit column '" + column + "': " + problem);
  }

  static RecordException row(ClickHouseOptions options, HttpAnswer answer) {
    return new RecordException(
        ROW, options.table() + " does not accept the row: " + answer.reason());
  }
}
