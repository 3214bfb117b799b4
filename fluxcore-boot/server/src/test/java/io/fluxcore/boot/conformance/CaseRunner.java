package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Runs cases on the engine, each in every {@link Variant}. */
final class CaseRunner {
  private final List<Variant> variants;

  CaseRunner(List<Variant> variants) {
    this.variants = List.copyOf(variants);
  }

  /** How a case ends; an error of the engine is a failure of the case. */
  Outcome run(ConformanceCase tested) {
    try {
      checkSupport(tested);
      if (ViewCase.isOne(tested)) {
        ViewCase views = new ViewCase(tested);
        return inAllVariants(views::difference);
      }
      if (ArroyoCase.isOne(tested)) {
        ArroyoCase inserts = new ArroyoCase(tested);
        return inAllVariants(inserts::difference);
      }
      if (tested.isSql()) {
        SqlCase sql = new SqlCase(inOwnSql(tested));
        return inAllVariants(sql::difference);
      }
      if (tested.definition().has("stages")) {
        PatternCase pattern = new PatternCase(tested);
        return inAllVariants(pattern::difference);
      }
      if (isJoin(tested)) {
        JoinCase join = new JoinCase(tested);
        return inAllVariants(join::difference);
      }
      WindowCase windows = new WindowCase(tested);
      return inAllVariants(windows::difference);
    } catch (UnsupportedCaseException e) {
      return Outcome.unsupported(e.getMessage());
    } catch (RuntimeException e) {
      return Outcome.failed(e.toString());
    }
  }

  private static ConformanceCase inOwnSql(ConformanceCase tested) {
    if (TrinoCase.isOne(tested)) {
      return TrinoCase.translated(tested);
    }
    return CalcitePatterns.isOne(tested) ? CalcitePatterns.translated(tested) : tested;
  }

  private static void checkSupport(ConformanceCase tested) {
    JsonNode definition = tested.definition();
    String conflict = tested.json().path("conflicts_with").asString("");
    boolean isOfPeersRules = definition.has("window") && Peer.of(tested) != Peer.OTHER;
    if (conflict.startsWith("flink") && !isOfPeersRules) {
      throw new UnsupportedCaseException("FluxCore follows Flink: " + conflict);
    }
    if (definition.has("stages") || tested.isSql()) {
      return;
    }
    if (!isJoin(tested) && !definition.has("window")) {
      throw new UnsupportedCaseException("definition is of no known form: " + definition);
    }
    for (String field : List.of("input_ref", "expected_ref", "expected_count", "tables")) {
      if (tested.json().has(field)) {
        throw new UnsupportedCaseException("a case with " + field);
      }
    }
  }

  private static boolean isJoin(ConformanceCase tested) {
    return tested.definition().path("type").asString("none").endsWith("join");
  }

  private Outcome inAllVariants(Function<Variant, String> run) {
    Map<String, List<String>> differences = new LinkedHashMap<>();
    for (Variant variant : variants) {
      String difference = run.apply(variant);
      if (!difference.isEmpty()) {
        differences.computeIfAbsent(difference, d -> new ArrayList<>()).add(variant.name());
      }
    }
    if (differences.isEmpty()) {
      return Outcome.PASSED;
    }
    List<String> reasons = new ArrayList<>();
    differences.forEach(
        (difference, names) ->
            reasons.add(names.size() == variants.size() ? difference : difference + " " + names));
    return Outcome.failed(String.join("; ", reasons));
  }
}
