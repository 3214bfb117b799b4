package io.fluxcore.adapters.out.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.push.PushOptions;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SseServerTest {
  private static final Access TOKEN =
      new Access(new Secret("token", "geheim", null), null, new Secret("password", null, null));

  private final RecentEvents events = new RecentEvents(100, 1 << 20);

  private static SseOptions options(Access access, int maxClients, Duration sendTimeout) {
    return new SseOptions(
        new PushOptions(
            "sse",
            "127.0.0.1",
            0,
            "/rows",
            access,
            null,
            List.of("https://example.com"),
            maxClients,
            100,
            1 << 20,
            sendTimeout),
        Duration.ofMillis(100));
  }

  private SseServer server() {
    return server(Access.OPEN, 100, Duration.ofSeconds(30));
  }

  private SseServer server(Access access, int maxClients, Duration sendTimeout) {
    return new SseServer(options(access, maxClients, sendTimeout), "e", events);
  }

  private void add(String... texts) {
    List<byte[]> added = new ArrayList<>();
    for (String text : texts) {
      added.add(text.getBytes(StandardCharsets.UTF_8));
    }
    events.add(added);
  }

  private void addNumbers(int from, int to) {
    add(IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new));
  }

  private static HttpRequest.Builder request(SseServer server) {
    return TestClient.request(server.port());
  }

  private static int status(HttpRequest.Builder request) throws IOException {
    HttpResponse<InputStream> response = TestClient.send(request.build());
    response.body().close();
    return response.statusCode();
  }

  @Test
  void clientsGetWhatComesAfterTheyConnected_allTheSame() {
    try (SseServer server = server()) {
      add("before");
      try (TestClient one = TestClient.connect(request(server));
          TestClient two = TestClient.connect(request(server))) {
        add("a", "{\"ü\":\"😀\"}");
        add("c");
        for (TestClient client : List.of(one, two)) {
          client.await(c -> c.events().size() == 3);
          assertThat(client.data()).containsExactly("a", "{\"ü\":\"😀\"}", "c");
          assertThat(client.events().get(0).id()).isEqualTo("e-2");
          assertThat(client.response().headers().firstValue("Content-Type"))
              .hasValue("text/event-stream");
        }
      }
    }
  }

  @Test
  void linesOfAnEvent_areLinesOfData() {
    try (SseServer server = server();
        TestClient client = TestClient.connect(request(server))) {
      add("a\nb\r\nc\rd", "", "data: x\n\nid: 7\n");
      client.await(c -> c.events().size() == 3);
      assertThat(client.data()).containsExactly("a\nb\nc\nd", "", "data: x\n\nid: 7\n");
    }
  }

  @Test
  void clientThatComesBack_goesOnAfterItsLastEvent() {
    try (SseServer server = server()) {
      addNumbers(1, 51);
      try (TestClient client =
          TestClient.connect(request(server).header("Last-Event-ID", "e-20"))) {
        addNumbers(51, 61);
        client.await(c -> c.events().size() == 40);
        assertThat(client.data())
            .isEqualTo(IntStream.range(21, 61).mapToObj(Integer::toString).toList());
        assertThat(client.events()).allMatch(e -> e.data().equals(Long.toString(e.number())));
      }
      assertThat(server.missed()).isZero();
    }
  }

  @Test
  void clientThatWasAwayForTooLong_isToldHowManyItMissed() {
    try (SseServer server = server()) {
      addNumbers(1, 301);
      try (TestClient client =
          TestClient.connect(request(server).header("Last-Event-ID", "e-20"))) {
        client.await(c -> c.events().size() == 101);
        assertThat(client.events().get(0).kind()).isEqualTo("reset");
        assertThat(client.data().get(0)).isEqualTo("{\"missed\":180}");
        assertThat(client.data().subList(1, 101))
            .isEqualTo(IntStream.range(201, 301).mapToObj(Integer::toString).toList());
      }
      assertThat(server.missed()).isEqualTo(180);
    }
  }

  @Test
  void clientOfAnEarlierSink_isReset_andGetsWhatThereIs() {
    try (SseServer server = server()) {
      addNumbers(1, 4);
      for (String id : List.of("other-2", "e-4", "e-x", "e-", "e-99999999999999999999", "2")) {
        try (TestClient client = TestClient.connect(request(server).header("Last-Event-ID", id))) {
          client.await(c -> c.events().size() == 4);
          assertThat(client.data()).as(id).containsExactly("{\"missed\":null}", "1", "2", "3");
        }
      }
    }
  }

  @Test
  void silentStream_saysThatItLives_andEndsWithTheServer() {
    SseServer server = server();
    TestClient client = TestClient.connect(request(server));
    client.await(c -> c.comments() > 3);
    add("last");
    server.close();
    server.close();
    while (!client.ended()) {
      Thread.onSpinWait();
    }
    assertThat(client.data()).containsExactly("last");
    assertThatThrownBy(() -> TestClient.connect(request(server))).isNotNull();
  }

  @Test
  void whoShowsNoSecret_isUnauthorized_andCounted() throws IOException {
    try (SseServer server = server(TOKEN, 100, Duration.ofSeconds(30))) {
      HttpResponse<InputStream> refused = TestClient.send(request(server).build());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"fluxcore\"");
      assertThat(status(request(server).header("Authorization", "Bearer other"))).isEqualTo(401);
      assertThat(server.refused()).isEqualTo(2);
      try (TestClient client =
          TestClient.connect(request(server).header("Authorization", "Bearer geheim"))) {
        add("a");
        client.await(c -> c.events().size() == 1);
      }
    }
  }

  @Test
  void otherPathsMethodsAndOrigins_areRefused() throws IOException {
    try (SseServer server = server()) {
      HttpRequest.Builder elsewhere =
          HttpRequest.newBuilder(request(server).build().uri().resolve("/rows/more"));
      assertThat(status(elsewhere)).isEqualTo(404);
      assertThat(status(request(server).POST(HttpRequest.BodyPublishers.noBody()))).isEqualTo(405);
      assertThat(status(request(server).header("Origin", "https://evil.example"))).isEqualTo(403);
      try (TestClient page =
          TestClient.connect(request(server).header("Origin", "https://example.com"))) {
        assertThat(page.response().headers().firstValue("Access-Control-Allow-Origin"))
            .hasValue("https://example.com");
      }
    }
  }

  @Test
  void moreClientsThanAreAllowed_areRefused_untilOneGoes() throws Exception {
    try (SseServer server = server(Access.OPEN, 1, Duration.ofSeconds(30))) {
      try (TestClient first = TestClient.connect(request(server))) {
        assertThat(status(request(server))).isEqualTo(503);
        add("a");
        first.await(c -> c.events().size() == 1);
      }
      int status = 503;
      while (status == 503) {
        TimeUnit.MILLISECONDS.sleep(20);
        status = status(request(server));
      }
      assertThat(status).isEqualTo(200);
    }
  }

  /** The job does not wait for it, and others get everything. */
  @Test
  void rowsThatComeRightAfterTheAnswerBegan_areTold() throws Exception {
    try (SseServer server = server()) {
      for (int i = 0; i < 50; i++) {
        try (TestClient client = TestClient.connect(request(server))) {
          add("row " + i);
          client.await(c -> c.events().size() == 1);
        }
      }
    }
  }

  @Test
  void clientThatTakesNothing_isDropped_andHoldsUpNobody() throws Exception {
    RecentEvents many = new RecentEvents(1_000, 64 << 20);
    SseOptions options = options(Access.OPEN, 10, Duration.ofMillis(300));
    try (SseServer server = new SseServer(options, "e", many);
        Socket stuck = new Socket(InetAddress.getLoopbackAddress(), server.port());
        TestClient good = TestClient.connect(request(server))) {
      stuck
          .getOutputStream()
          .write(
              ("GET /rows HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(stuck.getInputStream().read()).isEqualTo('H');
      byte[] event = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
      int added = 0;
      while (server.dropped() == 0) {
        if (added < 500) {
          many.add(List.of(event));
          added++;
        } else {
          TimeUnit.MILLISECONDS.sleep(10);
        }
      }
      int all = added;
      good.await(c -> c.events().size() == all);
      assertThat(server.dropped()).isEqualTo(1);
    }
  }

  @Test
  void portThatIsTaken_isTold() {
    try (SseServer server = server()) {
      SseOptions same =
          new SseOptions(
              new PushOptions(
                  "sse",
                  "127.0.0.1",
                  server.port(),
                  "/",
                  Access.OPEN,
                  null,
                  List.of(),
                  1,
                  1,
                  1,
                  Duration.ofSeconds(1)),
              Duration.ofSeconds(1));
      assertThatThrownBy(() -> new SseServer(same, "e", events))
          .hasMessageContaining("FLX-SSE-0001");
    }
  }
}
