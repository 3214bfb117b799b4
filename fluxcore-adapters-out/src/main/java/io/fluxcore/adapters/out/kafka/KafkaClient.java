package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.TlsOptions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How brokers are reached, in the words of their client.
 *
 * @param servers where to begin: {@code host:port,…}
 * @param user null: nobody
 * @param properties of the client, as they were given
 * @param propertiesFile with more of them, read when clients are made; or null
 */
record KafkaClient(
    String servers,
    TlsOptions tls,
    String saslMechanism,
    @Nullable String user,
    Secret password,
    Map<String, String> properties,
    @Nullable Path propertiesFile) {
  private static final String SERVERS = "bootstrapServers";
  private static final String SASL_MECHANISM = "saslMechanism";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String PROPERTIES = "properties";
  private static final String PROPERTIES_FILE = "propertiesFile";

  static List<OptionSpec> specs() {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(
        OptionSpec.optional(
            USER, OptionSpec.Type.STRING, null, "User of the brokers (SASL); without it nobody."));
    specs.addAll(Secret.specs(PASSWORD, "The user's password"));
    specs.add(
        OptionSpec.oneOf(
            SASL_MECHANISM,
            List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
            "PLAIN",
            "How the user shows who it is."));
    specs.addAll(TlsOptions.specs());
    specs.add(
        OptionSpec.optional(
            PROPERTIES,
            OptionSpec.Type.MAP,
            null,
            "Properties of the Kafka client for which there is no option; no secrets."));
    specs.add(
        OptionSpec.optional(
            PROPERTIES_FILE,
            OptionSpec.Type.PATH,
            null,
            "A Java properties file with more of them, secrets too, read when clients are made."));
    return List.copyOf(specs);
  }

  /**
   * What the options say.
   *
   * @param own properties that the connector sets by itself
   */
  static KafkaClient of(ConnectorOptions options, Set<String> own, OptionProblems problems) {
    String servers = options.string(SERVERS);
    for (String server : servers.split(",", -1)) {
      if (!server.strip().matches("\\S+:\\d{1,5}")) {
        problems.add(
            SERVERS,
            "'" + server.strip() + "' is no address of a broker",
            "write host:port, several with commas between");
      }
    }
    Secret password = Secret.of(options, PASSWORD, problems);
    if (options.has(USER) != password.isGiven()) {
      problems.add(
          options.has(USER) ? PASSWORD : USER, "user and password go together", "give both");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    options
        .map(PROPERTIES)
        .forEach(
            (name, value) -> {
              if (own.contains(name) || name.equals("bootstrap.servers")) {
                problems.add(
                    PROPERTIES,
                    "'" + name + "' is set by the connector",
                    "leave it out; see the connector's options");
              } else if (isSecret(name)) {
                problems.add(
                    PROPERTIES,
                    "'" + name + "' holds a secret, and the option shows in plans",
                    "give it in the file of propertiesFile");
              } else {
                properties.put(name, String.valueOf(value));
              }
            });
    Path file = options.has(PROPERTIES_FILE) ? options.path(PROPERTIES_FILE) : null;
    if (file != null && !Files.isReadable(file)) {
      problems.add(
          PROPERTIES_FILE, file + " cannot be read", "give a file that this user can read");
    }
    return new KafkaClient(
        servers,
        TlsOptions.of(options, problems),
        options.string(SASL_MECHANISM),
        options.optionalString(USER),
        password,
        properties,
        file);
  }

  private static boolean isSecret(String name) {
    String folded = name.toLowerCase(Locale.ROOT);
    return folded.contains("password") || folded.contains("jaas") || folded.contains("secret");
  }

  /** Settings of a client; what the connector sets by itself comes on top. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    if (propertiesFile != null) {
      Properties read = new Properties();
      try (Reader reader = Files.newBufferedReader(propertiesFile)) {
        read.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw KafkaErrors.user(
            KafkaErrors.SETTINGS,
            PROPERTIES_FILE,
            "cannot read " + propertiesFile + ": " + e,
            "give a Java properties file that this user can read");
      }
      read.stringPropertyNames().forEach(name -> settings.put(name, read.getProperty(name)));
    }
    settings.putAll(properties);
    settings.put("bootstrap.servers", servers);
    if (user != null || tls.enabled()) {
      settings.put(
          "security.protocol",
          user == null ? "SSL" : tls.enabled() ? "SASL_SSL" : "SASL_PLAINTEXT");
    }
    if (user != null) {
      settings.put("sasl.mechanism", saslMechanism);
      settings.put(
          "sasl.jaas.config",
          (saslMechanism.equals("PLAIN")
                  ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                  : "org.apache.kafka.common.security.scram.ScramLoginModule")
              + " required username="
              + quoted(user)
              + " password="
              + quoted(password.read())
              + ";");
    }
    if (tls.enabled()) {
      addTls(settings);
    }
    return settings;
  }

  private void addTls(Map<String, Object> settings) {
    Path trusted = tls.trustStore();
    if (trusted != null) {
      settings.put("ssl.truststore.location", trusted.toString());
      settings.put("ssl.truststore.type", TlsOptions.typeOf(trusted));
      putIfGiven("ssl.truststore.password", tls.trustStorePassword(), settings);
    }
    Path own = tls.keyStore();
    if (own != null) {
      String type = TlsOptions.typeOf(own);
      settings.put("ssl.keystore.location", own.toString());
      settings.put("ssl.keystore.type", type);
      if (!type.equals("PEM")) {
        putIfGiven("ssl.keystore.password", tls.keyStorePassword(), settings);
      }
      putIfGiven("ssl.key.password", tls.keyStorePassword(), settings);
    }
    if (!tls.verifyHostname()) {
      settings.put("ssl.endpoint.identification.algorithm", "");
    }
  }

  private static void putIfGiven(String name, Secret secret, Map<String, Object> settings) {
    String value = secret.read();
    if (value != null) {
      settings.put(name, value);
    }
  }

  private static String quoted(@Nullable String text) {
    return '"' + (text == null ? "" : text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return servers + (user == null ? "" : " as " + user);
  }
}
