package io.fluxcore.adapters.in.socket;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;

/** What never will go well. */
final class SocketErrors {
  private static final String UNTRUSTED = "FLX-SOCKET-0001";

  private SocketErrors() {}

  /** Why a server could not be called; throws what never will go well. */
  static IOException explained(IOException cause, SocketSettings settings) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof CertificateException) {
        throw new FluxCoreException(
            ErrorCategory.USER,
            List.of(
                Diagnostic.error(
                    UNTRUSTED,
                    Place.of("tlsTrustStore"),
                    "the server " + settings.address() + " is not trusted: " + one.getMessage(),
                    "give the certificate of who has signed the server's, which must be for this"
                        + " host")),
            cause);
      }
    }
    return cause;
  }
}
