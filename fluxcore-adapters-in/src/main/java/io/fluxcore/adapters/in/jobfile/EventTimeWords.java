package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.topology.EventTimeConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write another event time. */
final class EventTimeWords implements OperatorWords<EventTimeConfig> {
  private static final String FIELD = "field";
  private static final String BEHIND = "behind";

  @Override
  public String word() {
    return "eventTime";
  }

  @Override
  public Class<EventTimeConfig> type() {
    return EventTimeConfig.class;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode words =
        object(
            named(FIELD, text("The field with the time, an instant.")),
            named(
                BEHIND,
                duration(
                    "By how much it may lie before the time that rows come with; 0. Watermarks are"
                        + " handed on so much later.")));
    words.putArray("required").add(FIELD);
    words.put("description", "Another event time for rows that have one.");
    return words;
  }

  @Override
  public EventTimeConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    return new EventTimeConfig(
        Values.text(settings, FIELD, ""), values.duration(settings, BEHIND, Duration.ZERO), errors);
  }

  @Override
  public Object write(EventTimeConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(FIELD, config.field());
    if (!config.behind().isZero()) {
      words.put(BEHIND, DurationText.format(config.behind()));
    }
    return words;
  }
}
