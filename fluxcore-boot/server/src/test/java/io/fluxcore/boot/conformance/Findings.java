package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is compared: lists of texts, by place. Expected and actual findings are equal when they have
 * the same texts in the same order at each place; where the order does not count, it is sorted.
 */
final class Findings {
  private final Map<String, List<String>> places = new LinkedHashMap<>();

  void add(String place, String text) {
    at(place).add(text);
  }

  /** The list of a place, made if absent. */
  List<String> at(String place) {
    return places.computeIfAbsent(place, name -> new ArrayList<>());
  }

  /** The order does not count. */
  Findings sorted() {
    places.values().forEach(list -> list.sort(null));
    return this;
  }

  /** Where the actual findings differ from these expected ones; empty if they do not. */
  String difference(Findings actual) {
    Set<String> all = new LinkedHashSet<>(places.keySet());
    all.addAll(actual.places.keySet());
    List<String> differences = new ArrayList<>();
    for (String place : all) {
      List<String> expected = places.getOrDefault(place, List.of());
      List<String> found = actual.places.getOrDefault(place, List.of());
      if (!expected.equals(found)) {
        differences.add(place + ": expected " + expected + ", actual " + found);
      }
    }
    return String.join("; ", differences);
  }
}
