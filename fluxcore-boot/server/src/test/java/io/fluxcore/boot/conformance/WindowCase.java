package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A case of a window definition, ready to be run. */
final class WindowCase {
  private final boolean isErrorExpected;
  private final WindowDefinition definition;
  private final WindowFindings findings;
  private final Schema schema;
  private final List<List<Step>> scripts = new ArrayList<>();

  /**
   * Reads a case.
   *
   * @throws UnsupportedCaseException if it says something that is not known here
   */
  WindowCase(ConformanceCase tested) {
    isErrorExpected = tested.json().hasNonNull("expected_error");
    definition = WindowDefinition.of(tested.definition(), Peer.of(tested));
    findings = new WindowFindings(tested, definition);
    List<JsonNode> input =
        definition.operation() == WindowDefinition.Operation.MERGE
            ? MergedWindows.rows(tested.rows("input"))
            : tested.rows("input");
    Fields fields = new Fields(input, definition.fields(), definition.arrivalFields());
    schema = fields.schema();
    if (definition.operation() == WindowDefinition.Operation.ASSIGN) {
      // each timestamp for itself, so that its windows can be told apart
      input.forEach(row -> scripts.add(WindowScript.of(definition, fields, List.of(row))));
    } else {
      scripts.add(WindowScript.of(definition, fields, input));
    }
  }

  /** Runs the case; what differs from the expectation, empty if nothing does. */
  String difference(Variant variant) {
    if (isErrorExpected) {
      try {
        run(variant);
        return "expected an error, there was none";
      } catch (FluxCoreException | IllegalArgumentException e) {
        return "";
      }
    }
    return findings.expected().difference(findings.actual(run(variant)));
  }

  private List<Transcript> run(Variant variant) {
    List<Transcript> transcripts = new ArrayList<>();
    for (List<Step> script : scripts) {
      Transcript transcript = new Transcript();
      StreamTopology topology = WindowTopology.of(definition, schema, transcript);
      ScriptedHost.run(parallelism -> Plans.of(topology, parallelism), variant, transcript, script);
      transcripts.add(transcript);
    }
    return transcripts;
  }
}
