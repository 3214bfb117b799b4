package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.ref;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.TransformConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write process functions: what may stand there, read and written. */
final class ProcessWords {
  private static final String FUNCTION = "function";
  private static final String KEY_BY = "keyBy";
  private static final String SCHEMA = "schema";
  private static final String SIDE_OUTPUTS = "sideOutputs";
  private static final String TIME_TO_LIVE = "timeToLive";
  private static final String DURATION = "duration";
  private static final String RENEWAL = "renewal";
  private static final String TIME = "time";

  private final Values values;

  ProcessWords(Values values) {
    this.values = values;
  }

  static ObjectNode schema() {
    ObjectNode life =
        object(
            named(DURATION, duration("After the last use.")),
            named(
                RENEWAL,
                enumeration(
                    List.of("on-write", "on-read-and-write"), "Which uses count; on-write.")),
            named(TIME, enumeration(List.of("event", "processing"), "Of which time; processing.")));
    life.set("required", array(DURATION));
    life.put("description", "Of states that have none of their own.");
    ObjectNode process =
        object(
            named(FUNCTION, text("The name under which the function is registered.")),
            named(
                KEY_BY,
                SchemaParts.oneOrMore("Fields of the key; that of the keyBy above if absent.")),
            named(SCHEMA, fields("Fields of the rows that it emits.")),
            named(
                SIDE_OUTPUTS,
                mapOf(
                    fields("Fields of its rows."),
                    "ports and their fields",
                    "Other outputs: read `name.port`.")),
            named(TIME_TO_LIVE, life));
    process.put("description", "Code that keeps state and sets timers for each key.");
    process.set("required", array(FUNCTION, SCHEMA));
    return process;
  }

  private static ObjectNode fields(String description) {
    return mapOf(ref("type", "Its type."), "fields and their types", description);
  }

  TransformConfig read(Mapping settings, @Nullable ErrorPolicy errors) {
    TextNode keyBy = settings.get(KEY_BY);
    Map<String, Schema> sideOutputs = new LinkedHashMap<>();
    if (settings.get(SIDE_OUTPUTS) instanceof Mapping ports) {
      ports.members().forEach((port, member) -> sideOutputs.put(port, fields(member.value())));
    }
    return new TransformConfig.ProcessCode(
        null,
        Values.text(settings, FUNCTION, ""),
        keyBy == null ? List.of() : Values.texts(keyBy),
        List.of(),
        settings.get(TIME_TO_LIVE) instanceof Mapping life ? life(life) : null,
        fields(settings.walk(List.of(SCHEMA))),
        sideOutputs,
        errors);
  }

  private Schema fields(TextNode node) {
    List<Field> fields = new ArrayList<>();
    Values.mapping(node)
        .members()
        .forEach(
            (name, member) -> {
              DataType type =
                  values.check(member.value(), () -> DataType.parse(Values.text(member.value())));
              if (type != null) {
                fields.add(new Field(name, type));
              }
            });
    return Schema.of(fields);
  }

  private @Nullable TimeToLive life(Mapping settings) {
    Duration duration = values.optionalDuration(settings, DURATION);
    return duration == null
        ? null
        : values.check(
            settings,
            () ->
                new TimeToLive(
                    duration,
                    Values.constant(
                        settings, RENEWAL, TimeToLive.Renewal.class, TimeToLive.Renewal.ON_WRITE),
                    Values.constant(
                        settings, TIME, TimeCharacteristic.class, TimeCharacteristic.PROCESSING)));
  }

  static Map<String, Object> write(TransformConfig.ProcessCode process) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(FUNCTION, process.functionName() == null ? "" : process.functionName());
    if (!process.keyBy().isEmpty()) {
      settings.put(KEY_BY, process.keyBy());
    }
    if (process.output() != null) {
      settings.put(SCHEMA, types(process.output()));
    }
    if (!process.sideOutputs().isEmpty()) {
      Map<String, Object> ports = new LinkedHashMap<>();
      process.sideOutputs().forEach((port, schema) -> ports.put(port, types(schema)));
      settings.put(SIDE_OUTPUTS, ports);
    }
    TimeToLive life = process.timeToLive();
    if (life != null) {
      Map<String, Object> words = new LinkedHashMap<>();
      words.put(DURATION, JobFileWriter.text(life.duration()));
      words.put(RENEWAL, JobFileWriter.word(life.renewal()));
      words.put(TIME, JobFileWriter.word(life.time()));
      settings.put(TIME_TO_LIVE, words);
    }
    return settings;
  }

  private static Map<String, Object> types(Schema schema) {
    Map<String, Object> types = new LinkedHashMap<>();
    schema.fields().forEach(field -> types.put(field.name(), field.type().toString()));
    return types;
  }
}
