package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A case of the format {@code fluxcore-case/1}.
 *
 * @param group the folder it lies in
 * @param json the case as it was written
 */
record ConformanceCase(String group, JsonNode json) {
  static final List<String> KINDS =
      List.of("window", "session", "late", "join", "cep", "sql", "topn", "dedup");

  String id() {
    return json.path("id").asString("?");
  }

  String kind() {
    return json.path("kind").asString("?");
  }

  JsonNode definition() {
    return json.path("definition");
  }

  boolean isSql() {
    return definition().has("sql");
  }

  /** The rows below a field; none where the case has no such field. */
  List<JsonNode> rows(String field) {
    List<JsonNode> rows = new ArrayList<>();
    json.path(field).forEach(rows::add);
    return rows;
  }
}
