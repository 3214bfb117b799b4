package io.fluxcore.boot.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows that cases have in files of their own, one JSON object on a line. Not thread-safe. */
final class CaseData {
  private final Path root;
  private final Map<String, List<JsonNode>> files = new HashMap<>();

  CaseData(Path root) {
    this.root = root;
  }

  /**
   * A case with the rows of the files that it names: those of the input are of the table that the
   * file is named after.
   */
  JsonNode read(JsonNode json) throws IOException {
    ObjectNode read = (ObjectNode) json.deepCopy();
    if (json.has("input_ref")) {
      ArrayNode input = JsonMapper.shared().createArrayNode();
      for (String reference : references(json.path("input_ref"))) {
        String table = Path.of(reference).getFileName().toString().replace(".jsonl", "");
        for (JsonNode row : rows(reference)) {
          ObjectNode step = input.addObject();
          step.put("table", table);
          step.set("row", row);
        }
      }
      json.path("input").forEach(input::add);
      read.set("input", input);
    }
    if (json.has("expected_ref")) {
      ArrayNode expected = JsonMapper.shared().createArrayNode();
      for (String reference : references(json.path("expected_ref"))) {
        rows(reference).forEach(expected::add);
      }
      read.set("expected", expected);
    }
    return read;
  }

  private static List<String> references(JsonNode names) {
    List<String> references = new ArrayList<>();
    if (names.isString()) {
      references.add(names.asString());
    }
    names.forEach(name -> references.add(name.asString()));
    return references;
  }

  private List<JsonNode> rows(String reference) throws IOException {
    List<JsonNode> known = files.get(reference);
    if (known == null) {
      known = new ArrayList<>();
      for (String line : Files.readAllLines(root.resolve(reference))) {
        if (!line.isBlank()) {
          known.add(JsonMapper.shared().readTree(line));
        }
      }
      files.put(reference, known);
    }
    return known;
  }
}
