package io.fluxcore.examples.springapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.out.memory.MemorySinkConnector;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The shop with a known number of orders, as fast as possible. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"shop.orders=3000", "shop.rate=0"})
final class SpringAppTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Autowired private FluxCoreService fluxCoreService;
  @Autowired private PriceList prices;
  @LocalServerPort private int port;

  private String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private void awaitEnd() throws InterruptedException {
    JobId job = fluxCoreService.findJob(RevenueJob.NAME).orElseThrow();
    assertThat(fluxCoreService.awaitEnd(job, PATIENCE)).isEqualTo(JobStatus.FINISHED);
  }

  @Test
  void everyOrder_isPricedByTheBean() throws Exception {
    awaitEnd();
    List<EventRecord> rows = MemorySinkConnector.rows(RevenueJob.NAME);
    assertThat(rows.stream().mapToLong(row -> row.getLong("orders")).sum()).isEqualTo(3_000);
    assertThat(rows)
        .allSatisfy(
            row -> {
              BigDecimal one = prices.priceOf(row.getString("product"), 1);
              BigDecimal revenue = row.getDecimal("revenue");
              assertThat(revenue.remainder(one)).as("whole pieces").isEqualByComparingTo("0");
              assertThat(revenue.divide(one).longValueExact())
                  .isBetween(row.getLong("orders"), row.getLong("orders") * 5);
            });
  }

  @Test
  void revenue_isServed() throws Exception {
    awaitEnd();
    assertThat(get("/revenue"))
        .contains("\"job\":\"FINISHED\"", "\"product\":\"coffee\"", "\"until\":\"2026-01-01T");
  }

  @Test
  void actuator_showsFluxCore() throws Exception {
    awaitEnd();
    assertThat(get("/actuator/health")).contains("\"fluxcore\"", "\"FINISHED\":1");
    assertThat(get("/actuator/info")).contains("\"fluxcore\"", "\"runtime\":\"embedded\"");
    assertThat(get("/actuator/fluxcore")).contains("\"name\":\"revenue\"");
    assertThat(get("/actuator/fluxcore/revenue"))
        .contains("\"operator\":\"by-product\"", "\"rowsIn\":3000");
    assertThat(get("/actuator/metrics")).contains("fluxcore.jobs");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void fluxCore_opensNoPort() throws Exception {
    awaitEnd();
    assertThat(listeningPorts()).containsExactly(port);
  }

  /** The ports that this process listens at, as Linux tells them. */
  private static Set<Integer> listeningPorts() throws IOException {
    Set<String> sockets;
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      sockets =
          files
              .map(SpringAppTest::target)
              .filter(target -> target.startsWith("socket:["))
              .map(target -> target.substring("socket:[".length(), target.length() - 1))
              .collect(Collectors.toSet());
    }
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc/self/net", table);
      if (Files.isReadable(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] columns = line.strip().split("\\s+");
          boolean listens = columns[3].equals("0A");
          if (listens && sockets.contains(columns[9])) {
            ports.add(Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16));
          }
        }
      }
    }
    return ports;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }
}
