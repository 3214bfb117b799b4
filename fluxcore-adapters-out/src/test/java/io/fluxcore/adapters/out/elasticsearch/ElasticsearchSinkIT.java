package io.fluxcore.adapters.out.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.ElasticsearchServer;
import io.fluxcore.application.connector.kit.ElasticsearchServer.Program;
import io.fluxcore.application.connector.kit.IdempotentSinkContract;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The sink against every server for which this machine has a JDK. */
@ParameterizedClass
@MethodSource("servers")
final class ElasticsearchSinkIT {
  private static final Schema ROWS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("shop", DataType.STRING),
          new Field("amount", DataType.LONG));

  private static ElasticsearchServer server;

  @Parameter Program program;

  static List<Program> servers() {
    return ElasticsearchServer.available();
  }

  @BeforeParameterizedClassInvocation
  static void start(Program program) {
    server = ElasticsearchServer.start(program);
  }

  @AfterParameterizedClassInvocation
  static void end() {
    server.close();
  }

  @BeforeEach
  void emptyIndex() {
    Documents.emptyIndex(server, "results", "{\"amount\":{\"type\":\"long\"}}");
  }

  private Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("hosts", server.url());
    options.put("index", "results");
    options.put("flavour", program == Program.OPENSEARCH ? "opensearch" : "elasticsearch");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return options;
  }

  private Sink sink(Object... more) {
    ElasticsearchSinkConnector connector = new ElasticsearchSinkConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options(more)).orThrow(), ROWS);
  }

  private static EventBatchBuilder rows() {
    return new EventBatchBuilder(ROWS);
  }

  private static List<String> write(Sink sink, EventBatch... batches) {
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      for (EventBatch batch : batches) {
        writer.write(
            batch,
            (rows, row, error) -> refused.add(rows.column(0).get(row) + " " + error.getMessage()));
      }
      writer.flush();
    }
    return refused;
  }

  private static List<String> ids(String index) {
    return StreamSupport.stream(Documents.hits(server, index).spliterator(), false)
        .map(hit -> hit.path("_id").asString())
        .sorted()
        .toList();
  }

  @Nested
  class OfConnectors extends SinkConnectorContract {
    /** Of rows that nothing names the planner gives none; by its time a row is its document. */
    @Override
    protected boolean takesChanges() {
      return true;
    }

    @Override
    protected SinkConnector connector() {
      return new ElasticsearchSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return ElasticsearchSinkIT.this.options("requests", 1);
    }

    @Override
    protected List<List<@Nullable Object>> visibleRows(Schema schema) {
      return JsonReadBack.rows(schema, String.join("\n", Documents.of(server, "results")));
    }
  }

  @Nested
  class Changelog extends ChangelogSinkContract {
    Map<String, Object> options() {
      return ElasticsearchSinkIT.this.options("batchSize", 50, "idFields", "id");
    }

    @Override
    protected Sink sink() {
      ElasticsearchSinkConnector connector = new ElasticsearchSinkConnector();
      return connector.create(
          OptionParser.parse(connector.descriptor(), options()).orThrow(), ROWS);
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return JsonReadBack.rows(ROWS, String.join("\n", Documents.of(server, "results")));
    }
  }

  @Nested
  class ChangelogOfFieldsOfADocument extends Changelog {
    @Override
    Map<String, Object> options() {
      return ElasticsearchSinkIT.this.options(
          "batchSize", 50, "idFields", "id", "mode", "upsert", "requests", 4);
    }
  }

  @Test
  void keyOfTheRows_isThatOfDocuments_whereTheyChangeOrAreUpserted() {
    ElasticsearchSinkConnector connector = new ElasticsearchSinkConnector();
    Changes changes = Changes.retracts(List.of("id"));
    Changes windows = new Changes(Changes.Mode.APPEND, List.of("id"));
    assertThat(takes(connector, changes)).isEqualTo(Changes.upserts(List.of("id")));
    assertThat(takes(connector, changes, "index", "of-{shop}"))
        .isEqualTo(Changes.upserts(List.of("id", "shop")));
    assertThat(takes(connector, changes, "index", "of-{yyyy}")).isNull();
    assertThat(takes(connector, windows, "mode", "upsert"))
        .isEqualTo(Changes.upserts(List.of("id")));
    assertThat(takes(connector, windows)).isEqualTo(Changes.appends());
    assertThat(takes(connector, Changes.retracts(null))).isEqualTo(Changes.appends());
    assertThat(takes(connector, changes, "mode", "create")).isEqualTo(Changes.appends());
    assertThat(takes(connector, changes, "ids", "server")).isEqualTo(Changes.appends());
  }

  private @Nullable Changes takes(
      ElasticsearchSinkConnector connector, Changes rows, Object... more) {
    return connector
        .create(OptionParser.parse(connector.descriptor(), options(more)).orThrow(), ROWS, rows)
        .takes();
  }

  @Nested
  class Idempotent extends IdempotentSinkContract {
    @Override
    protected SinkConnector connector() {
      return new ElasticsearchSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return ElasticsearchSinkIT.this.options("batchSize", 100);
    }

    @Override
    protected boolean isByKey() {
      return false;
    }

    @Override
    protected List<Map.Entry<Long, String>> visible() {
      return Documents.of(server, "results").stream()
          .map(Documents.JSON::readTree)
          .map(row -> Map.entry(row.path("id").asLong(), row.path("name").asString()))
          .toList();
    }
  }

  @Nested
  class IdempotentByKey extends Idempotent {
    @Override
    protected Map<String, Object> options() {
      return ElasticsearchSinkIT.this.options("batchSize", 50, "idFields", "id");
    }

    @Override
    protected boolean isByKey() {
      return true;
    }
  }

  @Nested
  class IdempotentByFieldsOfADocument extends IdempotentByKey {
    @Override
    protected Map<String, Object> options() {
      return ElasticsearchSinkIT.this.options(
          "batchSize", 50, "idFields", "id", "mode", "upsert", "requests", 4);
    }
  }

  @Test
  void documentThatTheServerRefuses_isTold_andTheOthersAreWritten() {
    Documents.emptyIndex(server, "results", "{\"shop\":{\"type\":\"long\"}}");
    List<String> refused =
        write(
            sink("idFields", "id"),
            rows().row(0, 1L, "7", 1L).row(0, 2L, "seven", 1L).row(0, 3L, "9", 1L).build());
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0))
        .startsWith("2 ")
        .contains("FLX-ELASTIC-0101", "failed to parse field [shop] of type [long]", "seven");
    assertThat(ids("results")).containsExactly("1", "3");
  }

  @Test
  void index_followsFromFieldsAndTheTimeOfTheEvent() {
    long time = Instant.parse("2026-03-01T23:59:59Z").toEpochMilli();
    for (String index : List.of("e-a-2026.03.01", "e-b-2026.03.01", "e-b-2026.03.02")) {
      Documents.emptyIndex(server, index, "{}");
    }
    List<String> refused =
        write(
            sink("index", "e-{shop}-{yyyy.MM.dd}", "idFields", "id"),
            rows()
                .row(time, 1L, "a", 1L)
                .row(time, 2L, "b", 1L)
                .row(time + 1_000, 3L, "b", 1L)
                .row(EventBatch.NO_TIMESTAMP, 4L, "b", 1L)
                .row(time, 5L, null, 1L)
                .row(time, 6L, "B #", 1L)
                .build());
    assertThat(refused).hasSize(3);
    assertThat(refused.get(0)).startsWith("4 ").contains("FLX-SINK-0003", "no time");
    assertThat(refused.get(1)).startsWith("5 ").contains("FLX-SINK-0003", "'shop' is null");
    assertThat(refused.get(2)).startsWith("6 ").contains("FLX-ELASTIC-0101", "invalid_index_name");
    assertThat(ids("e-a-2026.03.01")).containsExactly("1");
    assertThat(ids("e-b-2026.03.01")).containsExactly("2");
    assertThat(ids("e-b-2026.03.02")).containsExactly("3");
  }

  @Test
  void ids_ofSeveralFields_areTold_andLongOnesAreHashed() {
    String longName = "ünïcödé ".repeat(60);
    write(
        sink("idFields", "shop, id"),
        rows()
            .row(0, 1L, "a|b\\", 1L)
            .row(0, 2L, null, 1L)
            .row(0, 3L, "", 1L)
            .row(0, 4L, "日本 ?/#%", 1L)
            .row(0, 5L, longName, 1L)
            .row(0, 5L, longName, 2L)
            .build());
    assertThat(ids("results"))
        .hasSize(5)
        .contains("a\\|b\\\\|1", "\\N|2", "\\E|3", "日本 ?/#%|4")
        .anyMatch(id -> id.matches("[A-Za-z0-9_-]{43}"));
  }

  @Test
  void equalRows_areOneDocument_butNotThoseOfAnotherTime() {
    write(sink(), rows().row(1, 1L, "a", 1L).row(1, 1L, "a", 1L).row(2, 1L, "a", 1L).build());
    assertThat(ids("results")).hasSize(2);
  }

  @Test
  void idsOfTheServer_keepEqualRowsApart_andPromiseLess() {
    Sink sink = sink("ids", "server");
    assertThat(sink.guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
    assertThat(sink().guarantee()).isNull();
    List<String> refused =
        write(
            sink,
            rows().row(1, 1L, "a", 1L).row(1, 1L, "a", 1L).build(),
            rows().row(RowKind.DELETE, 1, 2L, "a", 1L).build());
    assertThat(ids("results")).hasSize(2).allMatch(id -> id.length() == 20);
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0)).startsWith("2 ").contains("FLX-SINK-0001");
  }

  @Test
  void create_leavesTheDocumentThatIsThere() {
    Sink sink = sink("mode", "create", "idFields", "id");
    assertThat(write(sink, rows().row(0, 1L, "a", 1L).row(0, 1L, "b", 2L).build())).isEmpty();
    assertThat(write(sink, rows().row(0, 1L, "c", 3L).row(0, 2L, "d", 4L).build())).isEmpty();
    assertThat(Documents.of(server, "results"))
        .containsExactly(
            "{\"id\":1,\"shop\":\"a\",\"amount\":1}", "{\"id\":2,\"shop\":\"d\",\"amount\":4}");
  }

  @Test
  void upsert_leavesOtherFields() {
    server.send("PUT", "/results/_doc/1?refresh", "{\"note\":\"mine\",\"amount\":0}");
    write(
        sink("mode", "upsert", "idFields", "id"),
        rows()
            .row(0, 1L, "a", 1L)
            .row(RowKind.UPDATE_BEFORE, 0, 1L, "a", 1L)
            .row(RowKind.UPDATE_AFTER, 0, 1L, "b", 2L)
            .build());
    JsonNode hits = Documents.hits(server, "results");
    assertThat(hits).hasSize(1);
    assertThat(hits.path(0).path("_source"))
        .isEqualTo(
            Documents.JSON.readTree("{\"note\":\"mine\",\"id\":1,\"shop\":\"b\",\"amount\":2}"));
  }

  @Test
  void lowerVersion_replacesNothing() {
    Sink sink = sink("idFields", "id", "versionField", "amount");
    List<String> refused =
        write(
            sink,
            rows()
                .row(0, 1L, "new", 7L)
                .row(0, 1L, "old", 6L)
                .row(0, 1L, "same", 7L)
                .row(0, 2L, "none", null)
                .build(),
            rows().row(RowKind.DELETE, 0, 1L, "older", 5L).build());
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0)).startsWith("2 ").contains("FLX-ELASTIC-0102", "null");
    assertThat(write(sink, rows().row(0, 1L, "old", 3L).build())).isEmpty();
    assertThat(Documents.of(server, "results"))
        .containsExactly("{\"id\":1,\"shop\":\"same\",\"amount\":7}");
  }

  @Test
  void routing_isGiven() {
    write(sink("idFields", "id", "routingField", "shop"), rows().row(0, 1L, "a", 1L).build());
    assertThat(Documents.hits(server, "results").path(0).path("_routing").asString())
        .isEqualTo("a");
  }

  @Test
  void pipelineThatIsNotThere_isSaid() {
    List<String> refused = write(sink("pipeline", "nowhere"), rows().row(0, 1L, "a", 1L).build());
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0)).contains("FLX-ELASTIC-0101", "nowhere");
  }

  @Test
  void hugeRow_isWritten_andOneThatIsTooLargeIsTold() {
    String huge = "x".repeat(6_000_000);
    assertThat(write(sink("idFields", "id"), rows().row(0, 1L, huge, 1L).build())).isEmpty();
    assertThat(ids("results")).containsExactly("1");
  }

  @Test
  void writerThatIsClosedTwice_andHasNothing() {
    SinkWriter writer = sink().createWriter("sink", 0, 1);
    writer.flush();
    writer.write(rows().build(), RecordFailures.FAIL);
    writer.endOfInput();
    writer.close();
    writer.close();
    assertThat(ids("results")).isEmpty();
  }
}
