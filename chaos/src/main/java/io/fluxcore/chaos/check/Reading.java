package io.fluxcore.chaos.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A row of the input.
 *
 * @param at epoch milliseconds
 */
record Reading(long key, long at, long amount) {
  /** The rows of all files of a directory; those of a key are in one file, in their order. */
  static List<Reading> all(Path input) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(input, "*.json")) {
      entries.forEach(files::add);
    }
    Collections.sort(files);
    List<Reading> readings = new ArrayList<>();
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        Map<String, String> members = Json.members(line);
        readings.add(
            new Reading(number(members, "key"), number(members, "at"), number(members, "amount")));
      }
    }
    return readings;
  }

  private static long number(Map<String, String> members, String name) {
    return Long.parseLong(members.getOrDefault(name, ""));
  }
}
