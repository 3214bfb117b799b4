package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand requests that no sane client sends, each on a connection of its own and written byte
 * by byte: the server answers each (a defect of its own is no answer) or hangs up, and works as
 * before after the last.
 */
class ApiFuzzIT {
  private static final int REQUESTS = Integer.getInteger("fluxcore.fuzz.requests", 10_000);
  private static final long SEED = Long.getLong("fluxcore.fuzz.seed", 20_261_121L);

  /** Far above what any of them takes: who runs into it hangs. */
  private static final int PATIENCE_MILLIS = 30_000;

  @Test
  void malformedRequests_neverBreakTheServer() throws Exception {
    System.out.println("ApiFuzzIT: seed " + SEED + ", " + REQUESTS + " requests");
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (TestServer server = TestServer.start()) {
      Api api = new Api(server.url());
      api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of("running"));
      for (int i = 0; i < REQUESTS; i++) {
        byte[] request = new FuzzedRequest(new Random(SEED + i)).bytes();
        String answer = exchange(server.port(), request, i);
        int status = statusOf(answer);
        assertThat(status)
            .as("seed %s:%n%s%n->%n%s", SEED + i, abbreviated(request), answer)
            .isLessThan(500);
        assertProblemWhereItOughtToBe(status, answer, request);
        statuses.merge(status, 1, Integer::sum);
      }
      assertThat(api.get("/api/v1/jobs/running").at("/state"))
          .isIn("RUNNING", "STOPPED", "CANCELLED");
      assertThat(api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of("after")).status())
          .isEqualTo(201);
      server.streams().drain();
    }
    System.out.println("ApiFuzzIT: answers by status (0: hung up) " + statuses);
    assertThat(statuses).as("many kinds of refusal").hasSizeGreaterThan(8);
  }

  /** Tomcat refuses what is not HTTP before the API sees it; all else is told as a problem. */
  private static void assertProblemWhereItOughtToBe(int status, String answer, byte[] request) {
    if (status >= 400 && answer.contains("X-Content-Type-Options: nosniff")) {
      boolean head = new String(request, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
      assertThat(answer).as(abbreviated(request)).contains(Problem.MEDIA_TYPE);
      if (!head) {
        assertThat(answer).as(abbreviated(request)).contains("\"code\":\"FLX-");
      }
    }
  }

  private static String exchange(int port, byte[] request, int number) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (IOException e) {
        // It has had enough before the end, and may have said why.
      }
      return read(socket.getInputStream(), number);
    }
  }

  private static String read(InputStream in, int number) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        answer.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("request " + number + " hangs after " + answer, e);
    } catch (IOException e) {
      // Hung up on: what came before counts.
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }

  private static int statusOf(String answer) {
    String last = answer;
    while (last.startsWith("HTTP/1.1 100")) {
      last = last.substring(last.indexOf("\r\n\r\n") + 4);
    }
    return last.startsWith("HTTP/1.1 ") ? Integer.parseInt(last.substring(9, 12)) : 0;
  }

  private static String abbreviated(byte[] request) {
    return new String(
        Arrays.copyOf(request, Math.min(request.length, 2_000)), StandardCharsets.ISO_8859_1);
  }
}
