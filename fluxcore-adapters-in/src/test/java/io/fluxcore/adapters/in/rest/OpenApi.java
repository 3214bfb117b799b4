package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The description of the API, as a measure for what a server answers. */
final class OpenApi {
  private final JsonNode document;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  OpenApi(JsonNode document) {
    this.document = document;
  }

  /** Each path with its methods. */
  Map<String, JsonNode> paths() {
    Map<String, JsonNode> paths = new TreeMap<>();
    document.get("paths").properties().forEach(path -> paths.put(path.getKey(), path.getValue()));
    return paths;
  }

  JsonNode schemas() {
    return document.at("/components/schemas");
  }

  /** What the description says of a path with values in it, or null. */
  @Nullable JsonNode operation(String method, String path) {
    JsonNode best = null;
    for (Map.Entry<String, JsonNode> known : paths().entrySet()) {
      String pattern = known.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
      if (path.matches(pattern) && (best == null || !known.getKey().contains("{"))) {
        best = known.getValue();
      }
    }
    return best == null ? null : best.get(method.toLowerCase(Locale.ROOT));
  }

  /** Fails unless an answer is one that the description foresees. */
  void check(String method, String path, int status, String mediaType, JsonNode body) {
    JsonNode operation = operation(method, path);
    if (operation == null) {
      assertThat(status).as("%s %s is not described", method, path).isIn(404, 405);
      check("Problem", body);
      return;
    }
    JsonNode response = operation.get("responses").get(String.valueOf(status));
    assertThat(response).as("%s %s does not give %s", method, path, status).isNotNull();
    JsonNode content = response.get("content").get(mediaType);
    assertThat(content).as("%s %s %s as %s", method, path, status, mediaType).isNotNull();
    check(content.get("schema"), body);
  }

  /** Fails unless a value is of a named schema. */
  void check(String name, JsonNode value) {
    ObjectNode schema = Json.MAPPER.createObjectNode();
    schema.put("$ref", "#/components/schemas/" + name);
    check(schema, value);
  }

  private void check(JsonNode schema, JsonNode value) {
    ObjectNode whole = ((ObjectNode) schema).deepCopy();
    whole.set("components", document.get("components"));
    assertThat(schemas.getSchema(whole).validate(value)).as(value.toString()).isEmpty();
  }
}
