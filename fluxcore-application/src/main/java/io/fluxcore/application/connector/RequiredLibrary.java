package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/**
 * The client library of a connector, which is optional for applications: who does not use the
 * connector need not have it.
 */
public final class RequiredLibrary {
  static final String MISSING = "FLX-CONN-0008";

  private RequiredLibrary() {}

  /**
   * Looks whether a library is on the class path. Called by {@code create} of a connector, before
   * it touches a class that needs the library.
   *
   * @param className of one of its classes
   * @param coordinates group and artifact, such as {@code org.apache.kafka:kafka-clients}
   * @param connector that needs it
   * @throws FluxCoreException if it is not there; the message says what to add
   */
  public static void check(String className, String coordinates, String connector) {
    try {
      Class.forName(className, false, RequiredLibrary.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw missing(coordinates, connector, e);
    }
  }

  private static FluxCoreException missing(String coordinates, String connector, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                MISSING,
                Place.of("connector"),
                "connector '" + connector + "' needs a library that is not on the class path",
                "add the dependency " + coordinates)),
        cause);
  }
}
