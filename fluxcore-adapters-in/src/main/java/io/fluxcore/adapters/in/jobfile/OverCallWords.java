package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.number;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.topology.OverConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** How job files write what over-windows compute. */
final class OverCallWords {
  private static final String LAG = "lag";
  private static final String LEAD = "lead";
  private static final String OFFSET = "offset";
  private static final String DEFAULT = "default";
  private static final String TILE = "ntile";
  private static final String POSITION = "position";
  private static final String SKIP_NULLS = "skipNulls";

  private OverCallWords() {}

  /**
   * Fields and what is computed for each.
   *
   * @param isOrdered whether it is computed in an order of fields, in which more can be
   */
  static ObjectNode schema(boolean isOrdered) {
    List<String> numbers = new ArrayList<>(List.of("count"));
    Arrays.stream(OverCall.Numbering.Kind.values())
        .filter(kind -> isOrdered || !kind.isShare())
        .map(JobFileWriter::word)
        .forEach(numbers::add);
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
    if (isOrdered) {
      words.set(
          TILE,
          integer(
              1,
              Integer.MAX_VALUE,
              "Into how many groups of about the same size rows are put: the number of a row's."));
      for (OverCall.Value.End end : OverCall.Value.End.values()) {
        words.set(
            word(end), text("The field of the " + JobFileWriter.word(end) + " row of the frame."));
      }
      words.set(
          POSITION,
          integer(1, Integer.MAX_VALUE, "Of these: which row, counted from that end; 1."));
      words.set(SKIP_NULLS, flag("Of these: whether rows without a value are passed over; false."));
    }
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
    return fields;
  }

  private static String word(OverCall.Value.End end) {
    return end.name().toLowerCase(Locale.ROOT) + "Value";
  }

  /** The calls that stand behind fields. */
  static List<OverCall> read(Mapping fields, Values values) {
    List<OverCall> calls = new ArrayList<>();
    fields
        .members()
        .forEach(
            (output, member) -> {
              OverCall call = values.check(member.value(), () -> read(output, member.value()));
              if (call != null) {
                calls.add(call);
              }
            });
    return calls;
  }

  /** Calls by the fields that they give. */
  static Map<String, Object> write(List<OverCall> calls) {
    Map<String, Object> fields = new LinkedHashMap<>();
    calls.forEach(call -> fields.put(call.output(), write(call)));
    return fields;
  }

  private static OverCall read(String output, TextNode value) {
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
    if (mapping.get(TILE) != null) {
      requireOnly(mapping, TILE);
      return new OverCall.Tile(output, Values.integer(mapping, TILE, 1));
    }
    for (OverCall.Value.End end : OverCall.Value.End.values()) {
      String field = Values.optionalText(mapping, word(end));
      if (field != null) {
        requireOnly(mapping, word(end), POSITION, SKIP_NULLS);
        return new OverCall.Value(
            output,
            field,
            end,
            Values.integer(mapping, POSITION, 1),
            Values.flag(mapping, SKIP_NULLS));
      }
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
    if (call instanceof OverCall.Tile tile) {
      return Map.of(TILE, tile.groups());
    }
    if (call instanceof OverCall.Value value) {
      Map<String, Object> words = new LinkedHashMap<>();
      words.put(word(value.end()), value.field());
      JobFileWriter.putUnless(words, POSITION, value.position(), 1L);
      JobFileWriter.putUnless(words, SKIP_NULLS, value.skipsNulls(), false);
      return words;
    }
    return AggregateWords.write(((OverCall.Aggregate) call).call());
  }
}
