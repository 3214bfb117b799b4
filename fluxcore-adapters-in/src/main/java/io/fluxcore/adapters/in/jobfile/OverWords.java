package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.number;
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
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write an over-window. */
final class OverWords implements OperatorWords<OverConfig> {
  private static final String KEY = "key";
  private static final String ROWS = "rows";
  private static final String RANGE = "range";
  private static final String FIELDS = "fields";
  private static final String LAG = "lag";
  private static final String LEAD = "lead";
  private static final String OFFSET = "offset";
  private static final String DEFAULT = "default";
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
    words.set(LEAD, text("The field of a later row: a row is replaced when that one comes."));
    words.set(
        OFFSET,
        integer(1, OverConfig.MAX_LAG, "Of lag and lead: how many rows before or after; 1."));
    words.set(
        DEFAULT,
        either(
            "a number, a text, true or false",
            "Of lead: the value while there is no such row; null.",
            number("A number."),
            flag("True or false."),
            text("A text.")));
    ObjectNode fields =
        mapOf(
            either(
                String.join(", ", numbers)
                    + ", lag or lead with a field, or an aggregate with a field",
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
        "description",
        "Each row with what the rows of its key before it, in event time, come to, and with fields"
            + " of later ones.");
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
    String led = Values.optionalText(mapping, LEAD);
    if (led != null) {
      requireOnly(mapping, LEAD, OFFSET, DEFAULT);
      TextNode otherwise = mapping.get(DEFAULT);
      return new OverCall.Lead(
          output,
          led,
          Values.integer(mapping, OFFSET, 1),
          otherwise == null ? null : Values.plain(otherwise));
    }
    if (lagged != null) {
      requireOnly(mapping, LAG, OFFSET);
      return new OverCall.Lag(output, lagged, Values.integer(mapping, OFFSET, 1));
    }
    return new OverCall.Aggregate(AggregateWords.read(output, mapping));
  }

  private static void requireOnly(Mapping mapping, String word, String... others) {
    Set<String> known = new TreeSet<>(List.of(others));
    for (String given : mapping.members().keySet()) {
      if (!given.equals(word) && !known.contains(given)) {
        throw new IllegalArgumentException(
            "'"
                + word
                + "' has no word '"
                + given
                + "' beside it, only "
                + String.join(", ", known));
      }
    }
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
    if (call instanceof OverCall.Lead lead) {
      Map<String, Object> words = new LinkedHashMap<>();
      words.put(LEAD, lead.field());
      JobFileWriter.putUnless(words, OFFSET, lead.rows(), 1);
      if (lead.otherwise() != null) {
        words.put(DEFAULT, lead.otherwise());
      }
      return words;
    }
    return AggregateWords.write(((OverCall.Aggregate) call).call());
  }
}
