package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server refuses, in words that help. */
final class ElasticsearchErrors {
  static final String REFUSED = "FLX-ELASTIC-0001";
  static final String MISSING = "FLX-ELASTIC-0002";
  static final String NO_ANSWER = "FLX-ELASTIC-0003";
  static final String FAILED = "FLX-ELASTIC-0004";
  static final String ROW = "FLX-ELASTIC-0101";
  static final String NO_VERSION = "FLX-ELASTIC-0102";

  private ElasticsearchErrors() {}

  /** The server does not let us. */
  static FluxCoreException refused(
      ElasticsearchOptions options, String reason, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                REFUSED,
                Place.of(options.apiKey().isGiven() ? "apiKey" : "user"),
                "cannot write to " + options + ": " + reason,
                "give the user and password, or the API key, that the server expects, with the"
                    + " right to write to the index")),
        cause);
  }

  /** There is no such index, and none is made. */
  static FluxCoreException missing(ElasticsearchOptions options, String reason) {
    return FluxCoreException.user(
        MISSING,
        Place.of("index"),
        "cannot write to " + options + ": " + reason,
        "make the index, or let the server make it (action.auto_create_index)");
  }

  /** The server does not answer now, or has no room. */
  static TransientSinkException noAnswer(
      ElasticsearchOptions options, String reason, int taken, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(
            NO_ANSWER,
            Place.of("hosts"),
            "cannot write to " + options + " now: " + reason,
            "see whether the server runs, can be reached, and has room"),
        taken,
        cause);
  }

  static FluxCoreException failed(
      ElasticsearchOptions options, String reason, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                FAILED,
                Place.of("hosts"),
                "cannot write to " + options + ": " + reason,
                "see what the server says in its log")),
        cause);
  }

  static RecordException row(Operation operation, String reason) {
    return new RecordException(
        ROW, "index '" + operation.index() + "' does not accept the row: " + reason);
  }
}
