package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.application.connector.kit.ElasticsearchServer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is in an index, by the server's own word. */
final class Documents {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String SETTINGS =
      "\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0,"
          + "\"max_result_window\":100000}";

  private Documents() {}

  /** An index of no documents, whose fields are what they are declared to be, or are only kept. */
  static void emptyIndex(ElasticsearchServer server, String index, String properties) {
    server.send("DELETE", "/" + index, "");
    String answer =
        server.send(
            "PUT",
            "/" + index,
            "{"
                + SETTINGS
                + ",\"mappings\":{\"dynamic\":false,\"properties\":"
                + properties
                + "}}");
    if (!answer.contains("\"acknowledged\":true")) {
      throw new IllegalStateException(answer);
    }
  }

  private static String search(ElasticsearchServer server, String index) {
    server.send("POST", "/" + index + "/_refresh", "");
    return server.send("GET", "/" + index + "/_search?size=100000&sort=_seq_no:asc", "");
  }

  /** The documents of an index as they were written, in the order of writing. */
  static List<String> of(ElasticsearchServer server, String index) {
    String found = search(server, index);
    List<String> documents = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(found)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals("_source")) {
          parser.nextToken();
          int from = (int) parser.currentTokenLocation().getCharOffset();
          parser.skipChildren();
          int to = (int) parser.currentTokenLocation().getCharOffset() + 1;
          documents.add(found.substring(from, to));
        }
      }
    }
    return documents;
  }

  /** The same with ids, versions and all. */
  static JsonNode hits(ElasticsearchServer server, String index) {
    return JSON.readTree(search(server, index)).path("hits").path("hits");
  }
}
