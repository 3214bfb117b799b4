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
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.topology.OrderedOverConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write an over-window in an order of fields. */
final class OrderedOverWords implements OperatorWords<OrderedOverConfig> {
  private static final String KEY = "key";
  private static final String ORDER_BY = "orderBy";
  private static final String UNIT = "unit";
  private static final String PRECEDING = "preceding";
  private static final String FOLLOWING = "following";
  private static final String FIELDS = "fields";
  private static final String UNBOUNDED = "unbounded";

  @Override
  public String word() {
    return "orderedOver";
  }

  @Override
  public Class<OrderedOverConfig> type() {
    return OrderedOverConfig.class;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode words =
        object(
            named(
                KEY,
                SchemaParts.oneOrMore(
                    "Fields whose rows are taken together; those of the keyBy above, or all rows,"
                        + " if absent.")),
            named(
                ORDER_BY,
                SchemaParts.oneOrMore(
                    "Fields by which rows are put in order, each with ` desc` behind it where"
                        + " larger values come first, and ` nulls first` or ` nulls last` behind"
                        + " that. That of their arrival if absent.")),
            named(
                UNIT,
                SchemaParts.enumeration(
                    Arrays.stream(Frame.Unit.values()).map(JobFileWriter::word).toList(),
                    "What the frame is counted in: rows, or values of the field; range.")),
            named(PRECEDING, bound("Where the frame begins, before the row; unbounded.")),
            named(FOLLOWING, bound("Where the frame ends, after the row; 0.")),
            named(FIELDS, OverCallWords.schema(true)),
            named(
                LifeWords.TIME_TO_LIVE,
                LifeWords.within("A key's rows are forgotten so long after the last one; never.")),
            named(LifeWords.TIME, LifeWords.time()));
    words.set("required", array(FIELDS));
    words.put(
        "description",
        "Each row with what the rows of its key around it, in an order of fields, come to: a"
            + " changelog.");
    return words;
  }

  private static ObjectNode bound(String description) {
    return either(
        "a number, a duration or unbounded",
        description,
        SchemaParts.words(UNBOUNDED),
        integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "So many rows, or by so much less or more."),
        duration("Of times."));
  }

  @Override
  public OrderedOverConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    TextNode key = settings.get(KEY);
    TextNode order = settings.get(ORDER_BY);
    Frame frame =
        values.check(
            node,
            () ->
                new Frame(
                    Values.constant(settings, UNIT, Frame.Unit.class, Frame.Unit.RANGE),
                    distance(Values.text(settings, PRECEDING, UNBOUNDED)),
                    distance(Values.text(settings, FOLLOWING, "0"))));
    return new OrderedOverConfig(
        key == null ? List.of() : Values.texts(key),
        order == null ? List.of() : Values.texts(order).stream().map(SortField::parse).toList(),
        Objects.requireNonNullElseGet(frame, Frame::unbounded),
        OverCallWords.read(Values.mapping(settings.walk(List.of(FIELDS))), values),
        LifeWords.read(settings, LifeWords.TIME_TO_LIVE, values),
        errors);
  }

  private static long distance(String text) {
    if (text.equals(UNBOUNDED)) {
      return Frame.UNBOUNDED;
    }
    return text.matches("-?\\d+") ? Long.parseLong(text) : DurationText.parse(text).toMillis();
  }

  @Override
  public Object write(OrderedOverConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    Frame frame = config.frame();
    JobFileWriter.putUnless(words, KEY, config.key(), List.of());
    JobFileWriter.putUnless(
        words, ORDER_BY, config.orderBy().stream().map(SortField::toString).toList(), List.of());
    JobFileWriter.putUnless(
        words, UNIT, JobFileWriter.word(frame.unit()), JobFileWriter.word(Frame.Unit.RANGE));
    JobFileWriter.putUnless(words, PRECEDING, text(frame.preceding()), UNBOUNDED);
    JobFileWriter.putUnless(words, FOLLOWING, text(frame.following()), 0L);
    words.put(FIELDS, OverCallWords.write(config.calls()));
    LifeWords.write(words, LifeWords.TIME_TO_LIVE, config.timeToLive());
    return words;
  }

  private static Object text(long distance) {
    return distance == Frame.UNBOUNDED ? UNBOUNDED : (Object) distance;
  }
}
