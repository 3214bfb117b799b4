package io.fluxcore.adapters.in.mqtt;

import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a broker refuses for good, and what may pass. */
final class MqttErrors {
  private static final String REFUSED = "FLX-MQTT-0001";
  private static final String NOT_SUBSCRIBED = "FLX-MQTT-0002";
  private static final String UNTRUSTED = "FLX-MQTT-0003";
  private static final String UNREACHABLE = "FLX-MQTT-0004";
  private static final Set<String> FOR_GOOD =
      Set.of(
          "BAD_USER_NAME_OR_PASSWORD",
          "NOT_AUTHORIZED",
          "CLIENT_IDENTIFIER_NOT_VALID",
          "IDENTIFIER_REJECTED",
          "BANNED",
          "BAD_AUTHENTICATION_METHOD",
          "UNSUPPORTED_PROTOCOL_VERSION");

  private MqttErrors() {}

  static String text(@Nullable Throwable cause) {
    Throwable innermost = cause;
    while (innermost != null && innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost);
  }

  /**
   * Why the broker could not be reached.
   *
   * @throws FluxCoreException if it never will be
   */
  static IOException explained(@Nullable Throwable cause, MqttSource.Session session) {
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
              + session.server()
              + " refuses user '"
              + session.server().user()
              + "' with client id '"
              + session.clientId()
              + "': "
              + refusal,
          "give the right user, password, client id and version",
          cause);
    }
    if (cause instanceof Mqtt5SubAckException || cause instanceof Mqtt3SubAckException) {
      throw refused(
          NOT_SUBSCRIBED,
          "topic",
          "the broker " + session.server() + " refuses " + session.filters() + ": " + text(cause),
          "give this user the right to read the topics",
          cause);
    }
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof CertificateException) {
        throw refused(
            UNTRUSTED,
            "tlsTrustStore",
            "the broker " + session.server() + " is not trusted: " + one.getMessage(),
            "give the certificate of who has signed the broker's, which must be for this host",
            cause);
      }
    }
    return new IOException(text(cause), cause);
  }

  static FluxCoreException unreachable(MqttSource.Session session, IOException why) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                UNREACHABLE,
                Place.of("uri"),
                "the broker " + session.server() + " cannot be reached now: " + why.getMessage(),
                "see whether it runs; a job waits for it")),
        why);
  }

  private static FluxCoreException refused(
      String code, String option, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(code, Place.of(option), message, remedy)),
        cause);
  }
}
