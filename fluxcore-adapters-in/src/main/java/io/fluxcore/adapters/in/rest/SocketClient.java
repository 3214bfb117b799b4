package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.core.JsonGenerator;

/** A client that reads messages of a WebSocket: a schema, rows, a summary. */
final class SocketClient implements Reading.Client {
  private final WebSocketSession session;
  private final String id;
  private final BooleanSupplier unsubscribed;

  SocketClient(WebSocketSession session, String id, BooleanSupplier unsubscribed) {
    this.session = session;
    this.id = id;
    this.unsubscribed = unsubscribed;
  }

  @Override
  public void begin(ResultSubscription results) throws IOException {
    send(
        "schema",
        json -> {
          json.writeName("schema");
          ResultJson.schema(json, results);
        });
  }

  @Override
  public void rows(List<ResultRow> rows) throws IOException {
    for (ResultRow row : rows) {
      send("row", json -> ResultJson.row(json, row));
    }
  }

  @Override
  public void beat() throws IOException {
    checkOpen();
    session.sendMessage(new PingMessage());
  }

  @Override
  public void end(long rows, long missed, Reading.End reason) throws IOException {
    Reading.End end = unsubscribed.getAsBoolean() ? Reading.End.UNSUBSCRIBED : reason;
    send(
        "summary",
        json -> {
          json.writeObjectPropertyStart("summary");
          json.writeNumberProperty("rows", rows);
          json.writeNumberProperty("missed", missed);
          json.writeStringProperty("end", end.name());
          json.writeEndObject();
        });
  }

  @Override
  public void failed(FluxCoreException failure) {
    throw failure; // what is read here are jobs, whose readings end and do not fail
  }

  private void send(String type, Consumer<JsonGenerator> content) throws IOException {
    checkOpen();
    byte[] message =
        ResultJson.write(
            json -> {
              json.writeStartObject();
              json.writeStringProperty("type", type);
              json.writeStringProperty("id", id);
              content.accept(json);
              json.writeEndObject();
            });
    session.sendMessage(new TextMessage(new String(message, StandardCharsets.UTF_8)));
  }

  private void checkOpen() throws IOException {
    if (!session.isOpen()) {
      throw new IOException("the connection is closed");
    }
  }
}
