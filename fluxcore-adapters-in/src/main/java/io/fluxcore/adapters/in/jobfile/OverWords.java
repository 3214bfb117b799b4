package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.topology.OverConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write an over-window. */
final class OverWords implements OperatorWords<OverConfig> {
  private static final String KEY = "key";
  private static final String ROWS = "rows";
  private static final String RANGE = "range";
  private static final String FIELDS = "fields";
  private static final String LAG = "lag";
  private static final String OFFSET = "offset";
  private static final String UNBOUNDED = "unbounded";

  @Override
  public String word() {
    return "over";
  }

  @Override
  public Class<OverConfig> type() {
    return OverConfig.class;
  }

  @Override
  public ObjectNode schema() {
    List<String> numbers = new ArrayList<>(List.of("count"));
    Arrays.stream(OverCall.Numbering.Kind.values()).map(JobFileWriter::word).forEach(numbers::add);
    ObjectNode call = AggregateWords.schema();
    ObjectNode words = (ObjectNode) call.get("properties");
    words.set(LAG, text("The field of an earlier row."));
    words.set(OFFSET, integer(1, OverConfig.MAX_LAG, "Of lag: how many rows before; 1."));
    ObjectNode fields =
        mapOf(
            either(
                String.join(", ", numbers) + ", lag with a field, or an aggregate with a field",
                "What is computed.",
                SchemaParts.words(numbers.toArray(String[]::new)),
                call),
            "fields and what is computed for each",
            "Fields that are added to each row.");
    fields.put("minProperties", 1);
    ObjectNode over =
        object(
            named(
                KEY,
                SchemaParts.oneOrMore(
                    "Fields whose rows are taken together; those of the keyBy above, or all rows,"
                        + " if absent.")),
            named(
                ROWS,
                either(
                    "a number, or unbounded",
                    "The frame: a row and so many before it.",
                    SchemaParts.words(UNBOUNDED),
                    integer(0, Integer.MAX_VALUE, "Rows before it."))),
            named(
                RANGE,
                duration(
                    "The frame: rows of so long before, with those of its time; all if absent.")),
            named(FIELDS, fields));
    over.set("required", array(FIELDS));
    over.put(
        "description", "Each row with what the rows of its key before it, in event time, come to.");
    return over;
  }

  @Override
  public OverConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    TextNode key = settings.get(KEY);
    List<OverCall> calls = new ArrayList<>();
    Values.mapping(settings.walk(List.of(FIELDS)))
        .members()
        .forEach(
            (output, member) -> {
              OverCall call = values.check(member.value(), () -> call(output, member.value()));
              if (call != null) {
                calls.add(call);
              }
            });
    Frame frame = values.check(node, () -> frame(settings, values));
    return new OverConfig(
        key == null ? List.of() : Values.texts(key),
        Objects.requireNonNullElseGet(frame, Frame::unbounded),
        calls,
        errors);
  }

  private static Frame frame(Mapping settings, Values values) {
    String rows = Values.optionalText(settings, ROWS);
    Duration range = values.optionalDuration(settings, RANGE);
    if (rows != null && range != null) {
      throw new IllegalArgumentException("a frame is of 'rows' or of a 'range', not of both");
    }
    if (rows != null) {
      return Frame.rows(rows.equals(UNBOUNDED) ? Frame.UNBOUNDED : Long.parseLong(rows));
    }
    return range == null ? Frame.unbounded() : Frame.range(range);
  }

  private static OverCall call(String output, TextNode value) {
    if (value instanceof Scalar scalar) {
      return scalar.text().equals("count")
          ? new OverCall.Aggregate(AggregateCall.countAll(output))
          : new OverCall.Numbering(
              output, Values.constant(OverCall.Numbering.Kind.class, scalar.text()));
    }
    Mapping mapping = Values.mapping(value);
    String lagged = Values.optionalText(mapping, LAG);
    if (lagged == null) {
      return new OverCall.Aggregate(AggregateWords.read(output, mapping));
    }
    if (mapping.members().size() > (mapping.get(OFFSET) == null ? 1 : 2)) {
      throw new IllegalArgumentException("'lag' has no other word beside it than 'offset'");
    }
    return new OverCall.Lag(output, lagged, Values.integer(mapping, OFFSET, 1));
  }

  @Override
  public Object write(OverConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(words, KEY, config.key(), List.of());
    Frame frame = config.frame();
    if (frame.unit() == Frame.Unit.ROWS) {
      words.put(ROWS, frame.isUnbounded() ? UNBOUNDED : frame.preceding());
    } else if (!frame.isUnbounded()) {
      words.put(RANGE, JobFileWriter.text(Duration.ofMillis(frame.preceding())));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    config.calls().forEach(call -> fields.put(call.output(), write(call)));
    words.put(FIELDS, fields);
    return words;
  }

  private static Object write(OverCall call) {
    if (call instanceof OverCall.Numbering number) {
      return JobFileWriter.word(number.kind());
    }
    if (call instanceof OverCall.Lag lag) {
      Map<String, Object> words = new LinkedHashMap<>();
      words.put(LAG, lag.field());
      JobFileWriter.putUnless(words, OFFSET, lag.rows(), 1);
      return words;
    }
    return AggregateWords.write(((OverCall.Aggregate) call).call());
  }
}
