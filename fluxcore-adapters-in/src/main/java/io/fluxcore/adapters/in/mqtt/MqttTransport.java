package io.fluxcore.adapters.in.mqtt;

import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.TlsStores;
import java.util.concurrent.TimeUnit;

/** How a broker is reached. */
final class MqttTransport {
  private static final int CONNECT_SECONDS = 10;
  private static final int MICROS_PER_MILLI = 1000;

  private MqttTransport() {}

  static MqttClientTransportConfig of(ServerAddress server) {
    var transport =
        MqttClientTransportConfig.builder()
            .serverHost(server.host())
            .serverPort(server.port())
            .socketConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
            .mqttConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
    TlsStores tls = server.tls();
    if (tls != null) {
      var ssl =
          MqttClientSslConfig.builder()
              .trustManagerFactory(tls.trustManagers())
              .keyManagerFactory(tls.keyManagers());
      if (!tls.options().verifyHostname()) {
        ssl = ssl.hostnameVerifier((host, connection) -> true);
      }
      transport = transport.sslConfig(ssl.build());
    }
    return transport.build();
  }

  static MqttClientExecutorConfig executor() {
    return MqttClientExecutorConfig.builder().nettyThreads(1).build();
  }

  static long nowMicros() {
    return System.currentTimeMillis() * MICROS_PER_MILLI;
  }
}
