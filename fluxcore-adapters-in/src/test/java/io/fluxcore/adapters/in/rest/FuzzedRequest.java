package io.fluxcore.adapters.in.rest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** A request that is wrong in some way; the same for the same seed. */
final class FuzzedRequest {
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "get");
  private static final List<String> PATHS =
      List.of(
          "/api/v1/jobs",
          "/api/v1/jobs/validate",
          "/api/v1/jobs/running",
          "/api/v1/jobs/running/graph",
          "/api/v1/jobs/running/metrics",
          "/api/v1/jobs/running/diagnosis",
          "/api/v1/jobs/running/results",
          "/api/v1/jobs/nope/stop",
          "/api/v1/jobs/nope/cancel",
          "/api/v1/jobs/nope/suspend",
          "/api/v1/jobs/nope/resume",
          "/api/v1/jobs/nope/restart",
          "/api/v1/operations",
          "/api/v1/jobs/running/savepoints",
          "/api/v1/jobs/running/checkpoints",
          "/api/v1/savepoints",
          "/api/v1/savepoints/sp-1",
          "/api/v1/savepoints/sp-1/restore",
          "/api/v1/savepoints/sp-1/export",
          "/api/v1/savepoints/SP_none/restore",
          "/api/v1/savepoints/import",
          "/api/v1/operations/op_none",
          "/api/v1/operations/op_none/cancel",
          "/api/v1/jobs/running/replay",
          "/api/v1/jobs/running/state-views",
          "/api/v1/state-views/view_none",
          "/api/v1/state-views/view_none/operators/in/keys",
          "/api/v1/state-views/what",
          "/api/v1/streams",
          "/api/v1/streams/publish",
          "/api/v1/streams/clicks/events",
          "/api/v1/streams/full/events",
          "/api/v1/streams/query",
          "/api/v1/streams/ws",
          "/api/v1/sql",
          "/api/v1/sql/validate",
          "/api/v1/queries",
          "/api/v1/queries/q_none",
          "/api/v1/queries/q_none/results",
          "/api/v1/views",
          "/api/v1/views/none",
          "/api/v1/views/none/rows/1",
          "/api/v1/info",
          "/api/v1/openapi.json");
  private static final List<String> QUERIES =
      List.of(
          "limit=-1",
          "limit=99999999999999999999",
          "limit=",
          "limit=1&limit=2",
          "cursor=%%%",
          "cursor=AAAA",
          "state=,",
          "sort=--name",
          "q=%00",
          "q=%C0%AF",
          "dryRun=maybe",
          "set==",
          "set=a=b&set=a=c",
          "set=folder=/etc",
          "wait=1ms",
          "wait=99999999999999999s",
          "wait=-5s",
          "stream=clicks",
          "stream=full",
          "stream=%F0%9F%92%A9",
          "stream=",
          "node=out",
          "node=%2e%2e%2f",
          "&&&===",
          "a[]=1",
          "%zz=1");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json",
          "application/json",
          "application/json",
          "application/json",
          "application/json",
          "application/yaml",
          "application/yaml",
          "application/yaml",
          "application/yaml",
          "application/yaml",
          "application/x-ndjson",
          "application/x-ndjson",
          "application/x-ndjson",
          "application/x-ndjson",
          "application/sql",
          "application/sql",
          "application/octet-stream",
          "application/json; charset=utf-16",
          "application/json;;;",
          "application/json; charset=\"",
          "text/plain",
          "text/csv",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "*/*",
          "/",
          "nonsense");
  private static final List<String> HEADERS =
      List.of(
          "Accept: application/json",
          "Accept: text/event-stream",
          "Accept: image/png",
          "Accept: ,,;q=",
          "Accept: */*;q=0",
          "Accept-Language: tr-TR",
          "Accept-Encoding: gzip;q=x",
          "Content-Encoding: gzip",
          "Content-Encoding: identity",
          "Idempotency-Key: k",
          "Idempotency-Key: \u00e9",
          "Idempotency-Key:",
          "Origin: https://evil.example",
          "Origin: null",
          "Origin: ://",
          "Sec-Fetch-Site: cross-site",
          "Access-Control-Request-Method: POST",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: x",
          "Expect: 100-continue",
          "Expect: 200-nothing",
          "If-Modified-Since: yesterday",
          "Range: bytes=9-1",
          "Cookie: a=\"; b=\u0001",
          "X-Forwarded-For: ' or 1=1",
          "X-HTTP-Method-Override: DELETE");

  private final Random random;

  FuzzedRequest(Random random) {
    this.random = random;
  }

  byte[] bytes() {
    byte[] body = body();
    StringBuilder head = new StringBuilder();
    head.append(method()).append(' ').append(path()).append(query()).append(" HTTP/1.1\r\n");
    if (!rarely(50)) {
      head.append("Host: localhost\r\n");
    }
    head.append("Connection: close\r\n");
    if (!rarely(10)) {
      head.append("Content-Type: ").append(pick(TYPES)).append("\r\n");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      head.append(pick(HEADERS)).append("\r\n");
    }
    if (rarely(40)) {
      head.append("X-Long: ").append("x".repeat(random.nextInt(20_000))).append("\r\n");
    }
    boolean chunked = rarely(10);
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (!rarely(20)) {
      head.append("Content-Length: ").append(length(body)).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (chunked) {
      request.writeBytes(
          (rarely(4) ? "zz" : Integer.toHexString(body.length))
              .concat("\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
    }
    request.writeBytes(body);
    if (chunked && !rarely(4)) {
      request.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    return request.toByteArray();
  }

  /** Now and then a lie. */
  private String length(byte[] body) {
    return switch (random.nextInt(40)) {
      case 0 -> "-1";
      case 1 -> "99999999999999999999";
      case 2 -> "1e3";
      case 3 -> String.valueOf(body.length + 100);
      case 4 -> String.valueOf(body.length / 2);
      case 5 -> "2000000000";
      default -> String.valueOf(body.length);
    };
  }

  private String method() {
    return rarely(4) ? pick(METHODS) : rarely(4) ? "GET" : "POST";
  }

  private String path() {
    String path = pick(PATHS);
    return switch (random.nextInt(36)) {
      case 0 -> path + "/" + text(random.nextInt(60));
      case 1 -> path + "/" + "a".repeat(random.nextInt(9_000));
      case 2 -> path.replace("running", "%2e%2e%2f%2e%2e");
      case 3 -> path.replace("/api", "/%61pi");
      case 4 -> path.replace("/", "//");
      case 5 -> path + ";a=b;c";
      case 6 -> path.replace("running", "%00");
      case 7 -> path.replace("clicks", "%F0%9F%92%A9");
      case 8 -> path.replace("v1", "v2");
      case 9 -> path + "/../" + pick(PATHS);
      case 10 -> path + "%";
      case 11 -> path.substring(0, random.nextInt(path.length()));
      default -> path;
    };
  }

  private String query() {
    StringBuilder query = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      query.append(query.isEmpty() ? '?' : '&').append(pick(QUERIES));
    }
    return query.toString();
  }

  private byte[] body() {
    return switch (random.nextInt(20)) {
      case 17 -> utf8(sql());
      case 18 ->
          utf8("{\"sql\":\"" + sql() + "\",\"limit\":" + number() + ",\"setup\":" + value() + "}");
      case 0 -> rarely(2) ? new byte[0] : utf8(JobFiles.of(text(1 + random.nextInt(9))));
      case 1 -> noise(random.nextInt(2_000));
      case 2 -> utf8("[".repeat(random.nextInt(20_000)));
      case 3 -> utf8("{\"a\":".repeat(random.nextInt(5_000)) + "1");
      case 4 -> utf8("a: ".repeat(random.nextInt(2_000)));
      case 5 -> utf8("- ".repeat(random.nextInt(5_000)) + "x");
      case 6 -> utf8(bomb());
      case 7 -> utf8("{\"job\":\"running\",\"limit\":1e999,\"latest\":" + number() + "}");
      case 8 -> utf8("{\"job\":\"running\",\"timeoutMs\":1,\"limit\":" + number() + "}");
      case 9 -> utf8("{\"mode\":" + value() + ",\"mode\":" + value() + "}");
      case 10 -> "{\"job\":{\"name\":\"x\"}}".getBytes(StandardCharsets.UTF_16);
      case 11 -> utf8("\uFEFF" + JobFiles.of(text(random.nextInt(40))));
      case 12 -> mutated(utf8(JobFiles.of("fuzz")));
      case 13 -> mutated(utf8("{\"job\":{\"name\":\"f\"},\"topology\":[{\"name\":\"in\"}]}"));
      case 14 -> utf8(("{\"a\":" + value() + "}\n").repeat(random.nextInt(200)));
      case 15 -> utf8("[" + (value() + ",").repeat(random.nextInt(200)) + value() + "]");
      case 16 -> utf8("x".repeat(random.nextInt(rarely(10) ? 1_500_000 : 3_000)));
      default -> utf8("--- !!javax.script.ScriptEngineManager [" + text(10) + "]\n---\n? [a]\n: b");
    };
  }

  private static String bomb() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ",").repeat(8)).append("*a").append(i - 1).append("]\n");
    }
    return bomb.toString();
  }

  private String sql() {
    return pick(
        List.of(
            "SELECT 1",
            "SELECT 99999",
            "CREATE TABLE t; SELECT 2",
            "SELECT 1; SELECT 2",
            "INSERT 1; SHOW; EXPLAIN",
            ";;;",
            "SELECT '",
            "(".repeat(random.nextInt(2_000)),
            text(40).replace("\"", "").replace("\\", "")));
  }

  private String value() {
    return switch (random.nextInt(9)) {
      case 0 -> number();
      case 1 -> "\"" + text(20).replace("\"", "").replace("\\", "") + "\"";
      case 2 -> "null";
      case 3 -> "{}";
      case 4 -> "[[]]";
      case 5 -> "\"\\ud800\"";
      case 6 -> "{\"a\":{\"b\":" + number() + "}}";
      case 7 -> "\"DRAIN\"";
      default -> "tru";
    };
  }

  private String number() {
    return pick(
        List.of(
            "0",
            "-1",
            "1.5",
            "1e400",
            "9223372036854775808",
            "9".repeat(1_500),
            "1e-99999",
            "00",
            "NaN",
            "2147483648",
            "\"5\""));
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c = rarely(4) ? random.nextInt(0x3000) : 32 + random.nextInt(95);
      text.appendCodePoint(c);
    }
    return text.toString().replace("\r", "").replace("\n", "");
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] mutated(byte[] bytes) {
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean rarely(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
