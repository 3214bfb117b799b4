package io.fluxcore.adapters.out.influxdb;

import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server refuses, in words that help. */
final class InfluxErrors {
  private static final String REFUSED = "FLX-INFLUX-0001";
  private static final String MISSING = "FLX-INFLUX-0002";
  private static final String NO_ANSWER = "FLX-INFLUX-0003";
  private static final String FAILED = "FLX-INFLUX-0004";
  private static final String POINT = "FLX-INFLUX-0101";
  private static final String ROW = "FLX-INFLUX-0102";

  private InfluxErrors() {}

  /** The row makes no point. */
  static RecordException noPoint(String why) {
    return new RecordException(POINT, "the row cannot be a point: " + why);
  }

  static RecordException row(HttpAnswer answer) {
    return new RecordException(ROW, "InfluxDB does not accept the point: " + answer.reason());
  }

  /** An answer that is not about points. */
  static FluxCoreException of(InfluxOptions options, HttpAnswer answer) {
    String message = "cannot write to " + options + ": " + answer.reason();
    return switch (answer.status()) {
      case 401, 403 ->
          FluxCoreException.user(
              REFUSED,
              Place.of(options.isV2() ? "token" : "user"),
              message,
              "give the user and password, or the token, that the server expects");
      case 404 ->
          FluxCoreException.user(
              MISSING,
              Place.of(options.isV2() ? "bucket" : "database"),
              message,
              "make it, or give the name of another");
      default ->
          new FluxCoreException(
              ErrorCategory.EXTERNAL,
              List.of(
                  Diagnostic.error(
                      FAILED, Place.of("url"), message, "see what the server says in its log")),
              null);
    };
  }

  static TransientSinkException noAnswer(
      InfluxOptions options, String reason, int taken, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(
            NO_ANSWER,
            Place.of("url"),
            "cannot write to " + options + " now: " + reason,
            "see whether the server runs, can be reached, and has room"),
        taken,
        cause);
  }
}
