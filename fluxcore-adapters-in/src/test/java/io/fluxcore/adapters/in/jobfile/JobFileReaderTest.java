package io.fluxcore.adapters.in.jobfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileReaderTest {
  private static final String YAML =
      """
      job:
        name: demo
        parallelism: ${p:2}
      topology:
        - name: in
          source:
            connector: acme
            url: "${scheme:http}://${host}/$${kept}"
            rate: ${rate:${p:9}}
            state: 007
        - name: keep
          filter: >
            status >= 400
            and bytes is not nul
        - name: out
          sink: {connector: console}
      """;

  private static JobFile read(String text, Map<String, String> parameters) {
    return Connectors.reader().parse("job.yaml", text, parameters);
  }

  @Test
  void yamlAndJson_sayTheSame() {
    String json =
        """
        {"job": {"name": "demo", "parallelism": "${p:2}"},
         "topology": [
          {"name": "in", "source": {"connector": "acme", "url": "${scheme:http}://${host}/$${kept}",
           "rate": "${rate:${p:9}}", "state": "007"}},
          {"name": "keep", "filter": "status >= 400 and bytes is not nul\\n"},
          {"name": "out", "sink": {"connector": "console"}}]}
        """;
    JobFile fromJson = Connectors.reader().parse("j.json", json, Map.of("host", "h"));
    JobFile fromYaml = read(YAML, Map.of("host", "h"));
    assertThat(fromJson.topology()).isEqualTo(fromYaml.topology());
    assertThat(fromJson.config()).isEqualTo(fromYaml.config());
  }

  @Test
  void parameters_areReplaced_andTyped() {
    JobFile file = read(YAML, Map.of("host", "example.org", "p", "3"));
    assertThat(file.config().parallelism()).isEqualTo(3);
    assertThat(file.topology())
        .isEqualTo(
            StreamTopology.builder()
                .source(
                    "in",
                    SourceConfig.connector("acme")
                        .with("url", "http://example.org/${kept}")
                        .with("rate", 3)
                        .with("state", "007")
                        .build())
                .transform(
                    "keep",
                    TransformConfig.filter()
                        .withExpression("status >= 400 and bytes is not nul\n")
                        .build())
                .sink("out", SinkConfig.console().build())
                .build());
  }

  @Test
  void parameter_cannotInjectStructure() {
    JobFile file = read(YAML, Map.of("host", "h\", rate: 5}\n- name: x"));
    assertThat(file.topology().nodes()).hasSize(3);
  }

  @Test
  void folder_isWhereTheFileIs(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("j.yaml"),
            "job: {name: \"${folder}\"}\ntopology: [{name: a, source: {connector: plain}}]");
    assertThat(Connectors.reader().read(file, Map.of()).config().name())
        .isEqualTo(folder.toString());
  }

  private static Place locate(String yaml, String path, int line, int column) {
    JobFile file = read(yaml, yaml.equals(YAML) ? Map.of("host", "h") : Map.of());
    FluxCoreException error =
        new FluxCoreException(
            ErrorCategory.USER, Diagnostic.error("FLX-X", new Place(path, line, column), "m", "r"));
    Place place = file.locate(error).diagnostics().get(0).place();
    assertThat(place.path()).isEqualTo(path);
    return Place.at(place.line(), place.column());
  }

  @Test
  void errorsInExpressions_pointIntoTheFile() {
    // "nul" in the second line of a folded scalar: what a reader sees is one line.
    assertThat(locate(YAML, "node 'keep'.expression", 1, 32)).isEqualTo(Place.at(14, 24));
    assertThat(locate(YAML, "node 'keep'", 0, 0)).isEqualTo(Place.at(11, 11));
    assertThat(locate(YAML, "node 'in'.rate", 0, 0)).isEqualTo(Place.at(9, 13));
    assertThat(locate(YAML, "", 0, 0)).isEqualTo(Place.at(5, 3));
  }

  @Test
  void errorsInQuotedAndParameterisedExpressions_pointIntoTheFile() {
    String yaml =
        """
        job: {name: j}
        topology:
          - {name: in, source: {connector: plain}}
          - name: a
            map:
              x: 'a = ''b'' + oops'
              y: "a = \\"\\u0062\\" + oops"
              z: ${threshold:4711} + oops
              w: |
                a +
                  oops
          - name: b
            project: [k, {x: 1 + oops}]
          - name: c
            route: {big: oops > 1}
        """;
    assertThat(locate(yaml, "node 'a'.fields.x", 1, 11)).isEqualTo(Place.at(6, 23));
    assertThat(locate(yaml, "node 'a'.fields.y", 1, 11)).isEqualTo(Place.at(7, 28));
    assertThat(locate(yaml, "node 'a'.fields.z", 1, 8)).isEqualTo(Place.at(8, 30));
    assertThat(locate(yaml, "node 'a'.fields.w", 2, 3)).isEqualTo(Place.at(11, 11));
    assertThat(locate(yaml, "node 'b'.fields.x", 1, 5)).isEqualTo(Place.at(13, 26));
    assertThat(locate(yaml, "node 'b'.fields.k", 0, 0)).isEqualTo(Place.at(13, 15));
    assertThat(locate(yaml, "node 'c'.branches.big", 1, 1)).isEqualTo(Place.at(15, 18));
  }
}
