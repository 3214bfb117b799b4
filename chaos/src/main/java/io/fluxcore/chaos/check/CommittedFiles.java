package io.fluxcore.chaos.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of a directory that are not hidden: {@code tumbling-0-7.json} and the like. */
record CommittedFiles(Path directory) implements Committed {
  @Override
  public List<List<Long>> rows(Output output) throws IOException {
    List<List<Long>> rows = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return rows;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, output.label() + "{-*,}.json")) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          rows.add(row(output, Json.members(line)));
        }
      }
    }
    return rows;
  }

  private static List<Long> row(Output output, Map<String, String> members) {
    if (members.size() != output.fields().size()) {
      throw new IllegalArgumentException(output + " has a row " + members);
    }
    return output.fields().stream().map(field -> value(members.getOrDefault(field, ""))).toList();
  }

  private static long value(String text) {
    return text.endsWith("Z") ? Instant.parse(text).toEpochMilli() : Long.parseLong(text);
  }
}
