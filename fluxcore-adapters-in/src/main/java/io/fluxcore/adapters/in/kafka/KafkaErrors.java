package io.fluxcore.adapters.in.kafka;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Codes of errors, and what exceptions of the client mean. */
final class KafkaErrors {
  static final String REFUSED = "FLX-KAFKA-0001";
  static final String NO_TOPIC = "FLX-KAFKA-0002";
  static final String NO_ANSWER = "FLX-KAFKA-0003";
  static final String LOST_OFFSETS = "FLX-KAFKA-0004";
  static final String ANOTHER_TOPIC = "FLX-KAFKA-0005";
  static final String FAILED = "FLX-KAFKA-0006";
  static final String POSITION = "FLX-KAFKA-0007";
  static final String SETTINGS = "FLX-KAFKA-0008";

  private KafkaErrors() {}

  static FluxCoreException user(String code, String option, String message, String remedy) {
    return FluxCoreException.user(code, Place.of(option), message, remedy);
  }

  /**
   * An error of the outside.
   *
   * @param place a partition, or an option
   */
  static FluxCoreException external(
      String code, String place, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(Diagnostic.error(code, Place.of(place), message, remedy)),
        cause);
  }

  /**
   * What the client threw.
   *
   * @param doing what was tried: {@code list topics}
   */
  static FluxCoreException of(Throwable thrown, String doing, String servers) {
    if (thrown instanceof FluxCoreException known) {
      return known;
    }
    String what = "cannot " + doing + " at " + servers + ": " + reason(thrown);
    if (thrown instanceof AuthenticationException) {
      return refused(
          what, "give the user, password and TLS options that the brokers expect", thrown);
    }
    if (thrown instanceof AuthorizationException) {
      return refused(what, "have the user allowed to do it", thrown);
    }
    if (thrown instanceof ConfigException
        || (thrown instanceof KafkaException && thrown.getCause() instanceof ConfigException)) {
      return new FluxCoreException(
          ErrorCategory.USER,
          List.of(
              Diagnostic.error(
                  SETTINGS, Place.of("properties"), what, "correct the option that it speaks of")),
          thrown);
    }
    if (isPassing(thrown)) {
      return external(NO_ANSWER, "bootstrapServers", what, "see whether the brokers run", thrown);
    }
    return external(FAILED, "topic", what, "see what the brokers have logged", thrown);
  }

  private static FluxCoreException refused(String what, String remedy, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(REFUSED, Place.of("bootstrapServers"), what, remedy)),
        cause);
  }

  /** Whether it may be over soon. */
  static boolean isPassing(Throwable thrown) {
    return thrown instanceof RetriableException;
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown.getCause();
    String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
        ? message
        : message + ": " + cause.getMessage();
  }
}
