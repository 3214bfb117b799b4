package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that reads a response, as lines of JSON or as server-sent events. */
final class StreamedClient implements Reading.Client {
  private final OutputStream out;
  private final boolean events;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

  /**
   * A client.
   *
   * @param events whether it takes server-sent events, in place of NDJSON
   */
  StreamedClient(OutputStream out, boolean events) {
    this.out = out;
    this.events = events;
  }

  @Override
  public void begin(ResultSubscription results) throws IOException {
    if (events) {
      text("event: schema\ndata: ");
    }
    buffer.writeBytes(
        ResultJson.write(
            json -> {
              json.writeStartObject();
              json.writeName("schema");
              ResultJson.schema(json, results);
              json.writeEndObject();
            }));
    text(events ? "\n\n" : "\n");
    send();
  }

  @Override
  public void rows(List<ResultRow> rows) throws IOException {
    for (ResultRow row : rows) {
      if (events) {
        text("event: row\nid: " + row.sequence() + "\ndata: ");
      }
      buffer.writeBytes(
          ResultJson.write(
              json -> {
                json.writeStartObject();
                ResultJson.row(json, row);
                json.writeEndObject();
              }));
      text(events ? "\n\n" : "\n");
    }
    send();
  }

  @Override
  public void beat() throws IOException {
    text(events ? ": alive\n\n" : "\n");
    send();
  }

  @Override
  public void end(long rows, long missed, Reading.End reason) throws IOException {
    if (events) {
      text("event: summary\ndata: ");
    }
    text(
        "{\"summary\":{\"rows\":"
            + rows
            + ",\"missed\":"
            + missed
            + ",\"end\":\""
            + reason
            + "\"}}"
            + (events ? "\n\n" : "\n"));
    send();
  }

  @Override
  public void failed(FluxCoreException failure) throws IOException {
    if (events) {
      text("event: error\ndata: ");
    }
    text("{\"error\":");
    buffer.writeBytes(
        Json.MAPPER.writeValueAsBytes(SqlScripts.resources(failure.diagnostics()).get(0)));
    text(events ? "}\n\n" : "}\n");
    send();
  }

  private void text(String text) {
    buffer.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void send() throws IOException {
    buffer.writeTo(out);
    buffer.reset();
    out.flush();
  }
}
