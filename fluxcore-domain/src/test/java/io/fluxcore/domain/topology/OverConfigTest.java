package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Over-windows of a topology: what is wrong with them, and what their rows do. */
class OverConfigTest {
  private static final Schema ORDERS =
      Schema.builder().field("id", DataType.LONG).field("user", DataType.STRING).build();

  private static TopologyAnalysis analysis(OverConfig over) {
    return TopologyAnalysis.of(
        StreamTopology.builder()
            .source("orders", SourceConfig.connector("a").withSchema(ORDERS).build())
            .transform("over", over)
            .sink("out", SinkConfig.connector("b").build())
            .build(),
        Map.of(),
        ExpressionContext.of(new JdkRegexCompiler()));
  }

  private static List<String> codes(OverConfig over) {
    return analysis(over).findings().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::code)
        .toList();
  }

  private static OverConfig.Builder rows() {
    return OverConfig.rows(1).withKey("user");
  }

  @Test
  void fieldsOfLaterRows_areOfTheirType() {
    OverConfig over = rows().lead("next", "id", 1).lead("who", "user", 2, "nobody").build();
    assertThat(codes(over)).isEmpty();
    assertThat(
            Objects.requireNonNull(analysis(over).output(new PortRef("over", NodeConfig.MAIN_PORT)))
                .fields())
        .extracting(Object::toString)
        .hasSize(4)
        .satisfies(fields -> assertThat(fields.get(3)).contains("who").containsIgnoringCase("str"));
  }

  @Test
  void wrongLeads_areToldWithTheirCodes() {
    assertThat(codes(rows().lead("next", "id", 0).build())).containsExactly("FLX-TOPO-0058");
    assertThat(codes(rows().lead("next", "id", 1, "none").build()))
        .containsExactly("FLX-TOPO-0059");
    assertThat(codes(rows().lead("next", "nothing", 1).build())).containsExactly("FLX-TOPO-0017");
  }

  @Test
  void rowsThatLookAhead_areAChangelog_namedByKeyAndNumber() {
    List<Changes> appends = List.of(Changes.appends());
    assertThat(rows().lag("before", "id", 1).build().changes(appends)).isEqualTo(Changes.appends());
    assertThat(rows().lead("next", "id", 1).build().changes(appends))
        .isEqualTo(Changes.retracts(null));
    assertThat(rows().rowNumber("n").lead("next", "id", 1).build().changes(appends))
        .isEqualTo(Changes.retracts(List.of("user", "n")));
    Changes byId = new Changes(Changes.Mode.APPEND, List.of("id"));
    assertThat(rows().rowNumber("n").lead("next", "id", 1).build().changes(List.of(byId)))
        .isEqualTo(Changes.retracts(List.of("id")));
  }
}
