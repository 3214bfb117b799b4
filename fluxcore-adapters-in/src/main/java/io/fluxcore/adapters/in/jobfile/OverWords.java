package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.topology.OverConfig;
import java.time.Duration;
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
            named(FIELDS, OverCallWords.schema(false)));
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
    Frame frame = values.check(node, () -> frame(settings, values));
    return new OverConfig(
        key == null ? List.of() : Values.texts(key),
        Objects.requireNonNullElseGet(frame, Frame::unbounded),
        OverCallWords.read(Values.mapping(settings.walk(List.of(FIELDS))), values),
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
    words.put(FIELDS, OverCallWords.write(config.calls()));
    return words;
  }
}
