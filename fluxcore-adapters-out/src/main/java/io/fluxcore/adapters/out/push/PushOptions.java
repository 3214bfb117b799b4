package io.fluxcore.adapters.out.push;

import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.TlsOptions;
import io.fluxcore.application.connector.TlsStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where and to whom rows are pushed.
 *
 * @param connector for messages to people
 * @param host local address to listen at
 * @param port 0: any that is free
 * @param allowedOrigins web origins whose pages may read; {@code *}: all
 * @param maxClients at once
 * @param bufferEvents kept for clients that are slow or come back
 * @param bufferBytes of them
 * @param sendTimeout how long a client may take nothing before it is dropped
 */
public record PushOptions(
    String connector,
    String host,
    int port,
    String path,
    Access access,
    @Nullable TlsStores tls,
    List<String> allowedOrigins,
    int maxClients,
    int bufferEvents,
    long bufferBytes,
    Duration sendTimeout) {
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String PATH = "path";
  private static final String ALLOWED_ORIGINS = "allowedOrigins";
  private static final String MAX_CLIENTS = "maxClients";
  private static final String BUFFER_EVENTS = "bufferEvents";
  private static final String BUFFER_BYTES = "bufferBytes";
  private static final String SEND_TIMEOUT = "sendTimeout";
  private static final Set<String> BINARY = Set.of("raw", "avro", "protobuf");

  /**
   * The options.
   *
   * @param slow who the buffer is for
   * @param sendTimeout what the timeout is about, after "How long a client may "
   */
  public static List<OptionSpec> specs(String slow, String sendTimeout) {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            HOST,
            OptionSpec.Type.STRING,
            "The address of this machine to listen at: `127.0.0.1` for local clients only,"
                + " `0.0.0.0` for all."));
    options.add(
        OptionSpec.required(PORT, OptionSpec.Type.LONG, "The port to listen at; 1 to 65535."));
    options.add(
        OptionSpec.optional(
            PATH, OptionSpec.Type.STRING, "/", "The path that clients must ask for."));
    options.addAll(Access.specs("Clients"));
    options.add(
        OptionSpec.optional(
            ALLOWED_ORIGINS,
            OptionSpec.Type.LIST,
            null,
            "Web origins, such as `https://example.com`, whose pages may read; `*` for all. Without"
                + " it pages of none may, and programs do."));
    options.add(
        OptionSpec.optional(
            MAX_CLIENTS,
            OptionSpec.Type.LONG,
            "100",
            "How many clients may be connected at once; others are refused; 1 to 10000."));
    options.add(
        OptionSpec.optional(
            BUFFER_EVENTS,
            OptionSpec.Type.LONG,
            "10000",
            "How many of the last rows are kept for " + slow + "; 1 to 10000000."));
    options.add(
        OptionSpec.optional(
            BUFFER_BYTES,
            OptionSpec.Type.SIZE,
            "16mb",
            "Bytes of these rows at most; the newest one is kept whatever it has; from 64kb."));
    options.add(
        OptionSpec.optional(
            SEND_TIMEOUT,
            OptionSpec.Type.DURATION,
            "30s",
            "How long a client may " + sendTimeout + " before it is dropped; 100ms to 1h."));
    options.addAll(TlsOptions.specs());
    return options;
  }

  /** Reads the options, and notes what is wrong with them. */
  public static PushOptions of(
      String connector, ConnectorOptions options, OptionProblems problems) {
    if (options.string(HOST).isBlank()) {
      problems.add(HOST, "it is empty", "give an address, such as 127.0.0.1 or 0.0.0.0");
    }
    problems.range(PORT, options.integer(PORT), 1, 65_535);
    if (!options.string(PATH).matches("/[!-~&&[^?#]]*")) {
      problems.add(
          PATH, "'" + options.string(PATH) + "' is no path", "give one that begins with /");
    }
    problems.range(MAX_CLIENTS, options.integer(MAX_CLIENTS), 1, 10_000);
    problems.range(BUFFER_EVENTS, options.integer(BUFFER_EVENTS), 1, 10_000_000);
    problems.range(BUFFER_BYTES, options.size(BUFFER_BYTES), 64 << 10, 1L << 40);
    Duration sendTimeout = options.duration(SEND_TIMEOUT);
    problems.range(SEND_TIMEOUT, sendTimeout.toMillis(), 100, Duration.ofHours(1).toMillis());
    TlsOptions tls = TlsOptions.of(options, problems);
    if (tls.enabled() && tls.keyStore() == null) {
      problems.add(
          "tlsKeyStore",
          "clients are to be spoken with by TLS, and there is no certificate to show them",
          "give a file with certificate and key, or leave out tls");
    }
    return new PushOptions(
        connector,
        options.string(HOST),
        (int) options.integer(PORT),
        options.string(PATH),
        Access.of(options, problems),
        tls.enabled() ? new TlsStores(tls) : null,
        options.list(ALLOWED_ORIGINS),
        (int) options.integer(MAX_CLIENTS),
        (int) options.integer(BUFFER_EVENTS),
        options.size(BUFFER_BYTES),
        sendTimeout);
  }

  /** Whether rows of a format are texts, or else bytes. */
  public static boolean isText(String format) {
    return !BINARY.contains(format);
  }

  /** Whether pages of a web origin may read. */
  public boolean allowsOrigin(String origin) {
    return allowedOrigins.contains("*") || allowedOrigins.contains(origin);
  }

  /** Tries whether there are a certificate and a key. */
  public void check() {
    if (tls != null) {
      tls.context();
    }
  }

  /** For messages to people. */
  @Override
  public String toString() {
    return connector + " " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path;
  }
}
