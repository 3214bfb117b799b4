package io.fluxcore.application.schemaregistry.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A stub of a schema registry: the part of Confluent's API that clients of messages use, over real
 * HTTP. No registry can be had from Maven's repository, so it stands for one; it keeps schemas as
 * texts, checks none, and gives Protobuf's as they were registered, which must be serialized
 * descriptors.
 */
public final class RegistryStub implements AutoCloseable {
  private static final Pattern MEMBER =
      Pattern.compile("\"(schema|schemaType)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final @Nullable SSLContext tls;
  private final int port;
  private final List<Entry> schemas = new ArrayList<>();
  private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private @Nullable String login;
  private @Nullable HttpServer server;

  /** A schema; its number is its place, from 1. */
  private record Entry(String type, String text, String references) {}

  private RegistryStub(@Nullable SSLContext tls) {
    this.tls = tls;
    this.port = start(0);
  }

  /** Starts one at a free port. */
  public static RegistryStub start() {
    return new RegistryStub(null);
  }

  /** Starts one that speaks TLS. */
  public static RegistryStub startTls(SSLContext context) {
    return new RegistryStub(context);
  }

  private int start(int wanted) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
      HttpServer started;
      if (tls == null) {
        started = HttpServer.create(address, 0);
      } else {
        HttpsServer https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        started = https;
      }
      started.createContext("/", this::handle);
      started.start();
      server = started;
      return started.getAddress().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  public String url() {
    return (tls == null ? "http" : "https") + "://localhost:" + port;
  }

  /** From now on only this user may enter. */
  public synchronized RegistryStub withLogin(String user, String password) {
    String plain = user + ":" + password;
    login = "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Registers a schema without a request; its number. */
  public int register(String subject, String type, String text) {
    return register(subject, type, text, "");
  }

  /**
   * Registers a schema that refers to others.
   *
   * @param references JSON objects with commas between
   */
  public synchronized int register(String subject, String type, String text, String references) {
    Entry entry = new Entry(type, text, references);
    int id = schemas.indexOf(entry) + 1;
    if (id == 0) {
      schemas.add(entry);
      id = schemas.size();
    }
    List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  /** The text of a schema. */
  public synchronized String text(int id) {
    return schemas.get(id - 1).text();
  }

  /** What was asked for so far: method and path. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** Does not answer any more, until {@link #resume}. */
  public void pause() {
    HttpServer running = server;
    server = null;
    if (running != null) {
      running.stop(0);
    }
  }

  /** Answers again, at the same address. */
  public void resume() {
    start(port);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status = 200;
    String answer;
    synchronized (this) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath());
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      if (login != null && !login.equals(given)) {
        status = 401;
        answer = error(40101, "Unauthorized");
      } else {
        answer = answer(exchange, body);
        if (answer.startsWith("{\"error_code\"")) {
          status = Integer.parseInt(answer.substring(14, 17));
        }
      }
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String answer(HttpExchange exchange, String body) {
    String[] path = exchange.getRequestURI().getRawPath().split("/");
    boolean post = exchange.getRequestMethod().equals("POST");
    if (path.length == 4 && path[1].equals("schemas") && path[2].equals("ids")) {
      int id = Integer.parseInt(path[3]);
      return id < 1 || id > schemas.size() ? error(40403, "Schema not found") : schema(id, "");
    }
    if (path.length >= 3 && path[1].equals("subjects")) {
      String subject = URLDecoder.decode(path[2], StandardCharsets.UTF_8);
      if (post) {
        return posted(subject, body, path.length == 4);
      }
      List<Integer> versions = subjects.get(subject);
      if (versions == null) {
        return error(40401, "Subject '" + subject + "' not found.");
      }
      if (path.length == 5) {
        int version = path[4].equals("latest") ? versions.size() : Integer.parseInt(path[4]);
        int id = versions.get(version - 1);
        return schema(
            id,
            "\"subject\":" + quote(subject) + ",\"version\":" + version + ",\"id\":" + id + ",");
      }
    }
    return error(40400, "HTTP 404 Not Found");
  }

  private String posted(String subject, String body, boolean register) {
    String type = "AVRO";
    String text = "";
    Matcher member = MEMBER.matcher(body);
    while (member.find()) {
      if (member.group(1).equals("schemaType")) {
        type = member.group(2);
      } else {
        text = unquote(member.group(2));
      }
    }
    if (!register && !subjects.containsKey(subject)) {
      return error(40401, "Subject '" + subject + "' not found.");
    }
    if (!register && !schemas.contains(new Entry(type, text, ""))) {
      return error(40403, "Schema not found");
    }
    return "{\"id\":" + register(subject, type, text) + "}";
  }

  private String schema(int id, String more) {
    Entry entry = schemas.get(id - 1);
    return "{"
        + more
        + (entry.type().equals("AVRO") ? "" : "\"schemaType\":\"" + entry.type() + "\",")
        + (entry.references().isEmpty() ? "" : "\"references\":[" + entry.references() + "],")
        + "\"schema\":"
        + quote(entry.text())
        + "}";
  }

  private static String error(int code, String message) {
    return "{\"error_code\":" + code + ",\"message\":" + quote(message) + "}";
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static String unquote(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(++i);
      switch (escaped) {
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case 'u' -> {
          plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> plain.append(escaped);
      }
    }
    return plain.toString();
  }

  @Override
  public void close() {
    pause();
  }
}
