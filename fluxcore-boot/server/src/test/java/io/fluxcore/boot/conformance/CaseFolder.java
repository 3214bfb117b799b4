package io.fluxcore.boot.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the cases below a folder, in the order of their paths. */
final class CaseFolder {
  private static final String FORMAT = "fluxcore-case/1";

  /** Files that state a benchmark and hold no cases. */
  private static final String REFERENCE_FORMAT = "fluxcore-case-reference/1";

  private CaseFolder() {}

  /**
   * The cases below a folder.
   *
   * @throws IOException if a file cannot be read, is of another format, or two cases have one id
   */
  static List<ConformanceCase> read(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(root)) {
      files = paths.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
    List<ConformanceCase> cases = new ArrayList<>();
    Map<String, Path> ids = new HashMap<>();
    CaseData data = new CaseData(root);
    for (Path file : files) {
      for (JsonNode json : readFile(file)) {
        ConformanceCase read = new ConformanceCase(group(root, file), data.read(json));
        Path other = ids.put(read.id(), file);
        if (other != null) {
          throw new IOException("case " + read.id() + " is in " + other + " and in " + file);
        }
        cases.add(read);
      }
    }
    return cases;
  }

  /** The first folder below the root, or the file's name where it lies in the root itself. */
  private static String group(Path root, Path file) {
    Path relative = root.relativize(file);
    String first = relative.getName(0).toString();
    return relative.getNameCount() > 1 ? first : first.substring(0, first.lastIndexOf('.'));
  }

  private static List<JsonNode> readFile(Path file) throws IOException {
    JsonNode content;
    try {
      content = JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    String format = content.path("format").asString("none");
    List<JsonNode> cases = new ArrayList<>();
    if (format.equals(FORMAT)) {
      content.path("cases").forEach(cases::add);
    } else if (!format.equals(REFERENCE_FORMAT)) {
      throw new IOException(file + " has format '" + format + "', not '" + FORMAT + "'");
    }
    return cases;
  }
}
