package io.fluxcore.adapters.out.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.lookup.LookupTexts;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.HttpReceiver.Request;
import io.fluxcore.application.connector.kit.LookupContract;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.Found;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.join.LookupTable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are looked up in a service, which fails now and then. */
final class RestLookupTest extends LookupContract {
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final HttpReceiver service = HttpReceiver.start(this::answer);

  private Answer answer(Request request) {
    String path = request.target().substring(1);
    String[] parts = path.split("/", 2);
    String key = parts[0] + "/" + URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
    String text = answers.get(key);
    return text == null ? Answer.of(404) : Answer.of(200, text);
  }

  @AfterEach
  void end() {
    service.close();
  }

  @Override
  protected LookupConnector connector() {
    return new RestLookupConnector();
  }

  @Override
  protected Map<String, Object> options(String key) {
    Map<String, Object> options = new HashMap<>();
    String places = "{" + key.replace(",", "}%2C{") + "}";
    options.put("url", service.url() + "/" + key.replace(",", "-") + "/" + places);
    return options;
  }

  @Override
  protected void put(long id, String code, List<List<@Nullable Object>> rows) {
    String json = LookupTexts.json(FIELDS, rows);
    answers.put("id/" + id, json);
    answers.put("code/" + code, json);
    answers.put("id-code/" + id + "," + code, json);
  }

  @Override
  protected void putWrong(long id) {
    answers.put("id/" + id, "<html>sorry</html>");
  }

  @Override
  protected void killServer() {
    service.kill();
  }

  @Override
  protected void restartServer() {
    service.restart();
  }

  @Override
  protected void pauseServer() {
    service.pause();
  }

  @Override
  protected void resumeServer() {
    service.resume();
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    service.behave(
        request ->
            "Bearer right".equals(request.header("authorization"))
                ? answer(request)
                : Answer.of(401, "who are you"));
    Map<String, Object> options = options("id");
    options.put("bearerToken", "guessed");
    return options;
  }

  private LookupReader reader(Map<String, Object> options) {
    return connector()
        .create(
            OptionParser.parse(connector().descriptor(), options).orThrow(),
            new LookupTable(Schema.of(KEYS.field(0)), Schema.of(FIELDS.field(0)), TIMEOUT))
        .createReader("lookup", 0);
  }

  @Test
  void rowsInsideAnAnswer_areFound_withHeadersAndToken() throws Exception {
    answers.put("id/1", "{\"data\":{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}]}}");
    answers.put("id/2", "{\"data\":{\"items\":null}}");
    answers.put("id/3", "{\"data\":7}");
    Map<String, Object> options = options("id");
    options.put("rows", "data.items");
    options.put("headers", Map.of("X-Tenant", "t1"));
    options.put("bearerToken", "secret");
    try (LookupReader reader = reader(options)) {
      assertThat(reader.ask(List.of(List.of(1L))).get(0).rows()).hasSize(2);
      assertThat(reader.ask(List.of(List.of(2L))).get(0)).isEqualTo(Found.ABSENT);
      assertThat(reader.ask(List.of(List.of(3L))).get(0).error())
          .hasMessageContaining("there is no object with 'items'");
    }
    assertThat(service.requests())
        .allMatch(r -> "t1".equals(r.header("x-tenant")))
        .allMatch(r -> "Bearer secret".equals(r.header("authorization")));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void serviceThatIsUnwell_mayBeAskedAgain(int status) {
    service.behave(request -> Answer.of(status, "later"));
    try (LookupReader reader = reader(options("id"))) {
      assertThatThrownBy(() -> reader.ask(List.of(List.of(1L))))
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL))
          .hasMessageContaining("later");
    }
  }

  @Test
  void badRequest_isAnErrorOfItsKey_goneIsAbsent() throws Exception {
    try (LookupReader reader = reader(options("id"))) {
      service.behave(request -> Answer.of(422, "no such kind of id"));
      assertThat(reader.ask(List.of(List.of(1L))).get(0).error())
          .hasMessageContaining("no such kind of id");
      for (int status : new int[] {204, 404, 410}) {
        service.behave(request -> Answer.of(status));
        assertThat(reader.ask(List.of(List.of(1L))).get(0)).isEqualTo(Found.ABSENT);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://{id}/x",
        "http://{id}.example.org/x",
        "http://host/x",
        "ftp://host/{id}",
        "http://user:secret@host/{id}",
        "http://host/{other}"
      })
  void urlThatCannotBe_isRefused(String url) {
    Map<String, Object> options = options("id");
    options.put("url", url);
    assertThatThrownBy(() -> reader(options))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("url");
  }
}
