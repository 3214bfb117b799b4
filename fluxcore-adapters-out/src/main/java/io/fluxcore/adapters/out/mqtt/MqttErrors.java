package io.fluxcore.adapters.out.mqtt;

import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a broker refuses for good, and what may pass. */
final class MqttErrors {
  private static final String REFUSED = "FLX-MQTT-0001";
  private static final String UNTRUSTED = "FLX-MQTT-0003";
  private static final String UNREACHABLE = "FLX-MQTT-0004";
  private static final String NOT_TAKEN = "FLX-MQTT-0006";
  private static final Set<String> FOR_GOOD =
      Set.of(
          "BAD_USER_NAME_OR_PASSWORD",
          "NOT_AUTHORIZED",
          "CLIENT_IDENTIFIER_NOT_VALID",
          "IDENTIFIER_REJECTED",
          "BANNED",
          "BAD_AUTHENTICATION_METHOD",
          "UNSUPPORTED_PROTOCOL_VERSION");
  private static final Set<String> OF_MESSAGES =
      Set.of("NOT_AUTHORIZED", "TOPIC_NAME_INVALID", "PAYLOAD_FORMAT_INVALID");

  private MqttErrors() {}

  static String text(@Nullable Throwable cause) {
    Throwable innermost = cause;
    while (innermost != null && innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost);
  }

  /** Why the broker will never take a message; null: it may take it later. */
  static @Nullable RecordException refusal(@Nullable Throwable cause, String topic) {
    String reason = null;
    if (cause instanceof Mqtt5PubAckException refused) {
      reason = refused.getMqttMessage().getReasonCode().toString();
    } else if (cause instanceof Mqtt5PubRecException refused) {
      reason = refused.getMqttMessage().getReasonCode().toString();
    }
    boolean isForGood =
        cause instanceof MqttEncodeException || (reason != null && OF_MESSAGES.contains(reason));
    return isForGood
        ? new RecordException(
            NOT_TAKEN,
            "the broker does not take the message for topic '" + topic + "': " + text(cause),
            cause)
        : null;
  }

  /**
   * Why the broker could not be reached.
   *
   * @throws FluxCoreException if it never will be
   */
  static IOException explained(@Nullable Throwable cause, MqttSink sink) {
    String refusal = null;
    if (cause instanceof Mqtt5ConnAckException five) {
      refusal = five.getMqttMessage().getReasonCode().toString();
    } else if (cause instanceof Mqtt3ConnAckException three) {
      refusal = three.getMqttMessage().getReturnCode().toString();
    }
    if (refusal != null && FOR_GOOD.contains(refusal)) {
      throw refused(
          REFUSED,
          "user",
          "the broker "
              + sink.server()
              + " refuses user '"
              + sink.server().user()
              + "': "
              + refusal,
          "give the right user, password, client id and version",
          cause);
    }
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof CertificateException) {
        throw refused(
            UNTRUSTED,
            "tlsTrustStore",
            "the broker " + sink.server() + " is not trusted: " + one.getMessage(),
            "give the certificate of who has signed the broker's, which must be for this host",
            cause);
      }
    }
    return new IOException(text(cause), cause);
  }

  static TransientSinkException unreachable(
      String message, String remedy, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(UNREACHABLE, Place.of("uri"), message, remedy), 0, cause);
  }

  private static FluxCoreException refused(
      String code, String option, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(code, Place.of(option), message, remedy)),
        cause);
  }
}
