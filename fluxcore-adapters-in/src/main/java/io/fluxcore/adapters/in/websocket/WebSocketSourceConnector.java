package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.BufferOptions;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.backlog.ListeningAddress;
import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.TlsOptions;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads messages over WebSocket, from a server that is called or from clients that call. */
public final class WebSocketSourceConnector implements SourceConnector {
  private static final String NAME = "websocket";
  private static final String MODE = "mode";
  private static final String SERVER = "server";
  private static final String URI_OPTION = "uri";
  private static final String SUBSCRIBE = "subscribe";
  private static final String HEADERS = "headers";
  private static final String SUBPROTOCOL = "subprotocol";
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String PATH = "path";
  private static final String MAX_CONNECTIONS = "maxConnections";
  private static final String PING_INTERVAL = "pingInterval";
  private static final String MAX_RECORD_BYTES = "maxRecordBytes";
  private static final List<String> OF_CLIENTS =
      List.of(URI_OPTION, SUBSCRIBE, HEADERS, SUBPROTOCOL);
  private static final List<String> OF_SERVERS = List.of(HOST, PORT);

  /** What the library writes itself. */
  private static final Set<String> OWN_HEADERS =
      Set.of("authorization", "connection", "content-length", "expect", "host", "upgrade");

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads messages over WebSocket, from a server that is called or from clients that call.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public WebSocketSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.oneOf(
            MODE,
            List.of("client", SERVER),
            "client",
            "Whether a server is called, again and again, or clients call here."));
    options.add(
        OptionSpec.optional(
                URI_OPTION,
                OptionSpec.Type.STRING,
                null,
                "Client: the address to call: `ws://host/path`, or `wss://host/path` with TLS;"
                    + " without password.")
            .asAddress());
    options.add(
        OptionSpec.optional(
            SUBSCRIBE,
            OptionSpec.Type.LIST,
            null,
            "Client: texts that are sent when it is connected, each as a message, to subscribe to"
                + " something."));
    options.add(
        OptionSpec.optional(
            HEADERS,
            OptionSpec.Type.MAP,
            null,
            "Client: headers of the request, by name; secrets go into `token` or `password`."));
    options.add(
        OptionSpec.optional(
            SUBPROTOCOL, OptionSpec.Type.STRING, null, "Client: the subprotocol to ask for."));
    options.add(
        OptionSpec.optional(
            HOST,
            OptionSpec.Type.STRING,
            null,
            "Server: the address of this machine to listen at: `127.0.0.1` for local clients only,"
                + " `0.0.0.0` for all."));
    options.add(
        OptionSpec.optional(
            PORT, OptionSpec.Type.LONG, null, "Server: the port to listen at; 1 to 65535."));
    options.add(
        OptionSpec.optional(
            PATH,
            OptionSpec.Type.STRING,
            "/",
            "Server: the path that clients must ask for; others are refused."));
    options.add(
        OptionSpec.optional(
            MAX_CONNECTIONS,
            OptionSpec.Type.LONG,
            "100",
            "Server: how many clients may be connected at once; others are refused; 1 to 10000."));
    options.addAll(Access.specs("Clients"));
    options.add(
        OptionSpec.optional(
            PING_INTERVAL,
            OptionSpec.Type.DURATION,
            "30s",
            "How often the other side is asked whether it lives, and how long it may take to say"
                + " so; 0: never."));
    options.add(
        OptionSpec.optional(
            MAX_RECORD_BYTES,
            OptionSpec.Type.SIZE,
            "1mb",
            "A longer message is bad; 16 bytes to 256mb."));
    options.addAll(TlsOptions.specs());
    options.addAll(
        BufferOptions.specs("those that are in it outlive the process", "nothing more is read"));
    options.add(MessageFields.option(List.of()));
    options.addAll(FormatOptions.ofMessages());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    boolean isServer = options.string(MODE).equals(SERVER);
    if (isServer) {
      RequiredLibrary.check(
          "org.java_websocket.server.WebSocketServer", "org.java-websocket:Java-WebSocket", NAME);
    }
    for (String option : isServer ? OF_CLIENTS : OF_SERVERS) {
      if (options.has(option)) {
        problems.add(
            option,
            "it is for mode: " + (isServer ? "client" : SERVER),
            "leave it out, or set that mode");
      }
    }
    WebSocketSettings.Call call = isServer ? null : call(options, problems);
    WebSocketSettings.Listening listening = isServer ? listening(options, problems) : null;
    boolean isSecure = call != null && "wss".equals(call.uri().getScheme());
    TlsOptions tls = tls(options, isServer, isSecure, problems);
    Access access = Access.of(options, problems);
    Duration ping = options.duration(PING_INTERVAL);
    problems.range(PING_INTERVAL, ping.toMillis(), 0, Duration.ofDays(1).toMillis());
    if (isServer && !ping.isZero() && ping.toSeconds() < 1) {
      problems.add(PING_INTERVAL, "a server asks in whole seconds", "give 1s or more, or 0s");
    }
    long maxRecordBytes = options.size(MAX_RECORD_BYTES);
    problems.range(MAX_RECORD_BYTES, maxRecordBytes, 16, 256L << 20);
    BufferSettings buffer =
        BufferOptions.settings(options, MAX_RECORD_BYTES, maxRecordBytes, problems);
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields = MessageFields.of(options, List.of(), format.schema(), problems);
    problems.throwIfAny();
    return new WebSocketSource(
        new WebSocketSettings(
            call,
            listening,
            tls.enabled() ? new TlsStores(tls) : null,
            access,
            ping,
            (int) maxRecordBytes),
        buffer,
        format,
        fields);
  }

  private static TlsOptions tls(
      ConnectorOptions options, boolean isServer, boolean isSecure, OptionProblems problems) {
    TlsOptions tls = TlsOptions.of(options, isSecure || options.bool("tls"), problems);
    if (isServer && tls.enabled() && tls.keyStore() == null) {
      problems.add(
          "tlsKeyStore",
          "clients are to be spoken with by TLS, and there is no certificate to show them",
          "give a file with certificate and key, or leave out tls");
    }
    if (!isServer && tls.enabled() && !isSecure) {
      problems.add("tls", "the address is one without TLS", "write wss:// in uri");
    }
    if (!isServer && !tls.verifyHostname()) {
      problems.add(
          "tlsVerifyHostname",
          "the client of the JDK cannot do without",
          "leave it out, and call the server by a name of its certificate");
    }
    return tls;
  }

  private static WebSocketSettings.@Nullable Call call(
      ConnectorOptions options, OptionProblems problems) {
    URI uri = uri(options, problems);
    Map<String, String> headers = new LinkedHashMap<>();
    options
        .map(HEADERS)
        .forEach(
            (name, value) -> {
              if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))
                  || !name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")
                  || String.valueOf(value).matches("(?s).*[\\r\\n].*")) {
                problems.add(
                    HEADERS,
                    "'" + name + "' cannot be set",
                    "leave it out; secrets go into token, or user and password");
              } else {
                headers.put(name, String.valueOf(value));
              }
            });
    return uri == null
        ? null
        : new WebSocketSettings.Call(
            uri, options.list(SUBSCRIBE), headers, options.optionalString(SUBPROTOCOL));
  }

  private static @Nullable URI uri(ConnectorOptions options, OptionProblems problems) {
    String text = options.optionalString(URI_OPTION);
    if (text == null) {
      problems.add(
          URI_OPTION, "there is no server to call", "give ws://host/path, or set mode: server");
      return null;
    }
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getRawUserInfo() != null) {
        problems.add(
            URI_OPTION,
            "it holds a user or password, which would show wherever the address does",
            "give them in options of their own");
        return null;
      }
      if ((scheme.equals("ws") || scheme.equals("wss"))
          && uri.getHost() != null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below with those of another kind; its message would show what is secret.
    }
    problems.add(URI_OPTION, "it is no address of a WebSocket", "give such as wss://host/path");
    return null;
  }

  private static WebSocketSettings.@Nullable Listening listening(
      ConnectorOptions options, OptionProblems problems) {
    problems.range(MAX_CONNECTIONS, options.integer(MAX_CONNECTIONS), 1, 10_000);
    if (!options.string(PATH).matches("/[!-~&&[^?#]]*")) {
      problems.add(
          PATH, "'" + options.string(PATH) + "' is no path", "give one that begins with /");
    }
    String host = options.optionalString(HOST);
    if (host == null || host.isBlank()) {
      problems.add(
          HOST, "there is no address to listen at", "give 127.0.0.1, 0.0.0.0, or one of them");
      return null;
    }
    if (!options.has(PORT)) {
      problems.add(PORT, "there is no port to listen at", "give one");
      return null;
    }
    problems.range(PORT, options.integer(PORT), 1, 65_535);
    return new WebSocketSettings.Listening(
        new ListeningAddress(host, (int) options.integer(PORT)),
        options.string(PATH),
        (int) options.integer(MAX_CONNECTIONS));
  }
}
