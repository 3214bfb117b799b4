package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ScriptedTopology;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.topology.SourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The rows that a query itself has, in {@code VALUES}, as steps of a script. */
final class InlineRows {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private InlineRows() {}

  /** The rows of all sources that have their own. */
  static List<Step> of(ScriptedTopology topology) {
    List<Step> steps = new ArrayList<>();
    topology.inline().forEach((node, source) -> steps.addAll(of(node, source)));
    return steps;
  }

  /** The rows of one source, after which there are no more. */
  private static List<Step> of(String node, SourceConfig source) {
    List<Step> steps = new ArrayList<>();
    List<Map<String, Object>> rows =
        JSON.readValue(
            String.valueOf(source.connector().options().get("rows")), new TypeReference<>() {});
    for (Map<String, Object> row : rows) {
      Map<String, Object> values = new TreeMap<>();
      for (Field field : source.schema().fields()) {
        values.put(field.name(), PlainValues.parse(field, row.get(field.name())));
      }
      steps.add(new Step.Row(node, RowKind.INSERT, 0, values));
    }
    steps.add(new Step.Watermark(node, Long.MAX_VALUE));
    return steps;
  }
}
