package io.fluxcore.adapters.in.websocket;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.security.cert.CertificateException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server refuses for good, and what may pass. */
final class WebSocketErrors {
  private static final String REFUSED = "FLX-WEBSOCKET-0001";
  private static final String NOT_THERE = "FLX-WEBSOCKET-0002";
  private static final String UNTRUSTED = "FLX-WEBSOCKET-0003";
  private static final String UNREACHABLE = "FLX-WEBSOCKET-0005";

  private WebSocketErrors() {}

  static String text(@Nullable Throwable cause) {
    Throwable innermost = cause;
    while (innermost != null && innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost);
  }

  /**
   * Why there is no connection.
   *
   * @throws FluxCoreException if there never will be
   */
  static IOException explained(@Nullable Throwable cause, WebSocketSettings settings) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof WebSocketHandshakeException handshake) {
        return answered(handshake, settings);
      }
      if (one instanceof CertificateException) {
        throw forGood(
            UNTRUSTED,
            "tlsTrustStore",
            "the server of " + settings.address() + " is not trusted: " + one.getMessage(),
            "give the certificate of who has signed the server's, which must be for this host",
            cause);
      }
    }
    return new IOException(text(cause), cause);
  }

  private static IOException answered(
      WebSocketHandshakeException cause, WebSocketSettings settings) {
    var response = cause.getResponse();
    int status = response == null ? 0 : response.statusCode();
    String said = settings.address() + " answers with status " + status;
    if (status == 401 || status == 403) {
      throw forGood(
          REFUSED,
          "token",
          said + " to who shows " + settings.access(),
          "give the right token, or user and password",
          cause);
    }
    if (status == 404 || status == 410) {
      throw forGood(NOT_THERE, "uri", said, "give the address of a WebSocket", cause);
    }
    return new IOException(said, cause);
  }

  static FluxCoreException unreachable(WebSocketSettings settings, IOException why) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                UNREACHABLE,
                Place.of("uri"),
                settings.address() + " cannot be reached now: " + why.getMessage(),
                "see whether the server runs; a job waits for it")),
        why);
  }

  private static FluxCoreException forGood(
      String code, String option, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(code, Place.of(option), message, remedy)),
        cause);
  }
}
