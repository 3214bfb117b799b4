package io.fluxcore.adapters.out.format;

import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.schemaregistry.RegistryClient;
import io.fluxcore.application.schemaregistry.RegistryClient.Answer;
import io.fluxcore.application.schemaregistry.RegistryOptions;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A subject of a schema registry that messages are written under. Thread-safe. */
final class SchemaSubject {
  private static final String UNANSWERED = "FLX-REGISTRY-0011";
  private static final String REFUSED = "FLX-REGISTRY-0012";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte MAGIC = 0;

  private final RegistryClient client;
  private final String subject;

  SchemaSubject(RegistryOptions options, String subject) {
    this.client = new RegistryClient(options);
    this.subject = subject;
  }

  /**
   * A schema of the subject.
   *
   * @param id its number in the registry
   */
  record Registered(int id, String text) {
    /** What messages of the schema begin with. */
    byte[] prefix() {
      return ByteBuffer.allocate(1 + Integer.BYTES).put(MAGIC).putInt(id).array();
    }
  }

  /**
   * The schema's number.
   *
   * @param type {@code AVRO}, {@code PROTOBUF} or {@code JSON}
   * @param register whether it is registered where the subject does not have it; otherwise that is
   *     an error
   */
  Registered find(String type, String schema, boolean register) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("schemaType", type);
    body.put("schema", schema);
    String path = "/subjects/" + escape(subject) + (register ? "/versions" : "");
    JsonNode answer = ask(path, JSON.writeValueAsString(body));
    return new Registered(answer.path("id").asInt(), schema);
  }

  /** The latest schema. */
  Registered latest() {
    JsonNode answer = ask("/subjects/" + escape(subject) + "/versions/latest", "");
    return new Registered(answer.path("id").asInt(), answer.path("schema").asString());
  }

  private JsonNode ask(String path, String body) {
    try {
      Answer answer = body.isEmpty() ? client.get(path) : client.post(path, body);
      JsonNode json = answer.isOk() ? JSON.readTree(answer.body()) : null;
      if (json != null && json.path("id").isNumber()) {
        return json;
      }
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          Diagnostic.error(
              REFUSED,
              Place.of("subject"),
              "the schema registry "
                  + client
                  + " answers "
                  + answer.status()
                  + " about the schema of subject '"
                  + subject
                  + "': "
                  + answer.body(),
              "make the rows' schema compatible with the subject's, or register it there"));
    } catch (IOException | JacksonException e) {
      throw unanswered(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered(e);
    }
  }

  private TransientSinkException unanswered(Exception cause) {
    return new TransientSinkException(
        Diagnostic.error(
            UNANSWERED,
            Place.of(RegistryOptions.URL),
            "no answer of the schema registry about subject '"
                + subject
                + "': "
                + cause.getMessage(),
            "start the registry, or mend its address"),
        0,
        cause);
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
