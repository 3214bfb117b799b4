package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Codes of errors, and what exceptions of the client mean. */
final class KafkaErrors {
  static final String REFUSED = "FLX-KAFKA-0001";
  static final String NO_TOPIC = "FLX-KAFKA-0002";
  static final String NO_ANSWER = "FLX-KAFKA-0003";
  static final String FAILED = "FLX-KAFKA-0006";
  static final String SETTINGS = "FLX-KAFKA-0008";
  static final String LOST_TRANSACTION = "FLX-KAFKA-0009";
  static final String BROKEN_TRANSACTION = "FLX-KAFKA-0010";
  static final String TIMEOUT_TOO_LONG = "FLX-KAFKA-0011";
  static final String RECORD = "FLX-KAFKA-0012";
  static final String HANDLE = "FLX-KAFKA-0013";

  private KafkaErrors() {}

  static FluxCoreException user(
      String code, String option, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(code, Place.of(option), message, remedy)),
        cause);
  }

  static FluxCoreException user(String code, String option, String message, String remedy) {
    return user(code, option, message, remedy, null);
  }

  static FluxCoreException external(
      String code, String place, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(Diagnostic.error(code, Place.of(place), message, remedy)),
        cause);
  }

  /** A row that no broker would take. */
  static RecordException row(String message) {
    return new RecordException(RECORD, message);
  }

  /**
   * What the client threw, where the call may be made again if the brokers just do not answer.
   *
   * @param doing what was tried: {@code begin a transaction}
   */
  static FluxCoreException of(Throwable thrown, String doing, String servers) {
    if (thrown instanceof FluxCoreException known) {
      return known;
    }
    String what = "cannot " + doing + " at " + servers + ": " + reason(thrown);
    if (thrown instanceof AuthenticationException) {
      return user(
          REFUSED,
          "bootstrapServers",
          what,
          "give the user, password and TLS options that the brokers expect",
          thrown);
    }
    if (thrown instanceof AuthorizationException) {
      return user(REFUSED, "bootstrapServers", what, "have the user allowed to do it", thrown);
    }
    if (thrown instanceof InvalidTxnTimeoutException) {
      return user(
          TIMEOUT_TOO_LONG,
          "transactionTimeout",
          what,
          "give no more than the brokers' transaction.max.timeout.ms",
          thrown);
    }
    if (thrown instanceof ConfigException
        || (thrown instanceof KafkaException && thrown.getCause() instanceof ConfigException)) {
      return user(SETTINGS, "properties", what, "correct the option that it speaks of", thrown);
    }
    if (thrown instanceof RetriableException) {
      return noAnswer(what, thrown);
    }
    return external(FAILED, "topic", what, "see what the brokers have logged", thrown);
  }

  static TransientSinkException noAnswer(String what, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(
            NO_ANSWER, Place.of("bootstrapServers"), what, "see whether the brokers run"),
        0,
        cause);
  }

  /** A transaction with rows in it cannot go on; they come again with the next attempt. */
  static FluxCoreException broken(String transactionalId, Throwable thrown, String servers) {
    FluxCoreException known = of(thrown, "write in transaction " + transactionalId, servers);
    if (known.category() == ErrorCategory.USER) {
      return known;
    }
    return external(
        BROKEN_TRANSACTION,
        "transaction " + transactionalId,
        "cannot go on in transaction " + transactionalId + " at " + servers + ": " + reason(thrown),
        "see whether the brokers run; the job goes on from its last checkpoint",
        thrown);
  }

  static FluxCoreException stale(SinkOwner owner, long other) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            CheckpointRegistry.STALE_OWNER,
            Place.of("sink '" + owner.operatorId() + "'"),
            "the job was taken over: transactions of owner "
                + other
                + " are at the brokers, and this is owner "
                + owner.token().value(),
            "nothing needs to be done here"));
  }

  static String reason(Throwable thrown) {
    Throwable cause = thrown.getCause();
    String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
        ? message
        : message + ": " + cause.getMessage();
  }
}
