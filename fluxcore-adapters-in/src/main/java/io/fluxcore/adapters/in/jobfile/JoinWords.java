package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.expression;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.oneOrMore;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.ref;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.SchemaParts.Word;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.join.AsOfMatch;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.FullLookupConfig;
import io.fluxcore.domain.topology.JoinBound;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.JoinNode;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.WindowShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write joins: one kind of bound, or a lookup, and what all of them have. */
final class JoinWords implements OperatorWords<JoinNode> {
  private static final String TYPE = "type";
  private static final String ON = "on";
  private static final String CONDITION = "condition";
  private static final String LEFT_PREFIX = "leftPrefix";
  private static final String RIGHT_PREFIX = "rightPrefix";
  private static final String LATENESS = "allowedLateness";
  private static final String LATE_OUTPUT = "lateOutput";
  private static final String WINDOW = "window";
  private static final String INTERVAL = "interval";
  private static final String TEMPORAL = "temporal";
  private static final String TABLE = "table";
  private static final String LOWER = "lower";
  private static final String UPPER = "upper";
  private static final String LATE_MATCHES = "lateMatches";
  private static final String TIME_TO_LIVE = "timeToLive";
  private static final String ALL_ROWS = "allRows";
  private static final String LEFT_LIFE = "leftTimeToLive";
  private static final String RIGHT_LIFE = "rightTimeToLive";
  private static final String UNBOUNDED = "unbounded";
  private static final String AS_OF = "asOf";
  private static final String MATCH = "match";
  private static final String TIES = "ties";
  private static final String LOOKUP = "lookup";
  private static final String FULL_LOOKUP = "fullLookup";
  private static final List<String> BOUNDS =
      List.of(WINDOW, INTERVAL, TEMPORAL, TABLE, UNBOUNDED, AS_OF, LOOKUP, FULL_LOOKUP);

  /** What a lookup has no use for. */
  private static final List<String> OF_STREAMS = List.of(CONDITION, LATENESS, LATE_OUTPUT);

  @Override
  public String word() {
    return "join";
  }

  @Override
  public Class<JoinNode> type() {
    return JoinNode.class;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode interval =
        object(
            named(LOWER, ref("offset", "The right row is at least so long after the left one.")),
            named(UPPER, ref("offset", "The right row is at most so long after the left one.")),
            named(
                LATE_MATCHES,
                duration(
                    "Late rows match what is held, and rows are held so much longer for that;"
                        + " late rows do not match.")));
    interval.set("required", array(LOWER, UPPER));
    interval.put("description", "Rows whose times are within an interval of each other.");
    ObjectNode join =
        object(
            named(WINDOW, WindowSchema.shapes("Rows that are in the same window.")),
            named(INTERVAL, interval),
            named(TEMPORAL, ofTable("The version of a table at the time of the left row.", life())),
            named(TABLE, ofTable("What a table has when the left row comes.", life(), allRows())),
            named(UNBOUNDED, unbounded()),
            named(AS_OF, asOf()),
            named(LOOKUP, ref("lookup", "What a table outside has when it is asked: one input.")),
            named(
                FULL_LOOKUP,
                ref("fullLookup", "What a table that is held in memory has: one input.")),
            named(
                TYPE,
                enumeration(
                    Arrays.stream(JoinType.values()).map(JoinType::toString).toList(),
                    "Which rows it gives; inner.")),
            named(
                ON,
                either(
                    "fields that are equal: names, or left: right",
                    "Fields that are equal: names in both inputs, or left: right.",
                    oneOrMore("Names that both inputs have."),
                    mapOf(text("A field of the right input."), "left: right", "Left: right."))),
            named(
                CONDITION,
                expression("What else must be true of a pair, over the names of results.")),
            named(LEFT_PREFIX, text("Before the names of the left input's fields; none.")),
            named(RIGHT_PREFIX, text("Before the names of the right input's fields; right_.")),
            named(LATENESS, duration("How long rows are taken, and results wait; 0s.")),
            named(
                LATE_OUTPUT,
                flag("Rows too late leave by the ports `late` and `lateRight`; false.")));
    join.set("required", array(ON));
    join.put(
        "description",
        "Two streams, `from: [left, right]`, joined, most within a bound of time; or one stream with"
            + " a table outside.");
    return join;
  }

  private static ObjectNode unbounded() {
    ObjectNode unbounded =
        object(
            named(
                LifeWords.TIME_TO_LIVE,
                LifeWords.within("How long rows are kept after the last of their key; for ever.")),
            named(LEFT_LIFE, LifeWords.within("The same of left rows, where right ones differ.")),
            named(RIGHT_LIFE, LifeWords.within("The same of right rows, where left ones differ.")),
            named(LifeWords.TIME, LifeWords.time()));
    unbounded.put("description", "All rows that there are: results are a changelog.");
    return unbounded;
  }

  private static ObjectNode asOf() {
    ObjectNode asOf =
        object(
            named(
                MATCH,
                text(
                    "A field of the left input, >=, >, <= or <, and a field of the right one, such"
                        + " as `time >= quoted`: of the rows of which it is true, the one whose"
                        + " value is closest.")),
            named(
                TIES,
                oneOrMore(
                    "Fields of the right input: of several rows of the same value the first in"
                        + " this order is taken, each with ` desc` behind it where larger values"
                        + " come first. By their key, or their other fields in order.")),
            named(
                LifeWords.TIME_TO_LIVE,
                LifeWords.within(
                    "How long rows of a key are kept after the last of either input; for ever.")),
            named(LifeWords.TIME, LifeWords.time()));
    asOf.set("required", array(MATCH));
    asOf.put("description", "The closest right row of the key: results are a changelog.");
    return asOf;
  }

  private static Word life() {
    return named(
        TIME_TO_LIVE,
        duration("How long a row of the table counts after it was written; for ever."));
  }

  private static Word allRows() {
    return named(
        ALL_ROWS, flag("The table has all rows of a key, and not only the last one; false."));
  }

  private static ObjectNode ofTable(String description, Word... words) {
    ObjectNode table = object(words);
    table.put("description", description + " The right input are the table's changes.");
    return table;
  }

  @Override
  public JoinNode read(
      TextNode node, Values values, ConnectorReader connectors, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    List<String> given = given(settings);
    if (given.equals(List.of(LOOKUP))) {
      return lookup(settings, values, connectors, errors);
    }
    return given.equals(List.of(FULL_LOOKUP))
        ? fullLookup(settings, values, connectors, errors)
        : read(node, values, errors);
  }

  /**
   * The settings of a table outside; what joins of two streams have beside is told to be useless.
   */
  private static Mapping outside(Mapping settings, String bound, Values values) {
    for (String word : OF_STREAMS) {
      TextNode useless = settings.get(word);
      if (useless != null) {
        values.check(
            useless,
            () -> {
              throw new IllegalArgumentException(
                  "a lookup has no " + word + ": it joins one stream");
            });
      }
    }
    return Values.mapping(settings.walk(List.of(bound)));
  }

  private static FullLookupConfig fullLookup(
      Mapping settings, Values values, ConnectorReader connectors, @Nullable ErrorPolicy errors) {
    Mapping lookup = outside(settings, FULL_LOOKUP, values);
    return new FullLookupConfig(
        connectors.fullLookup(lookup),
        Values.constant(settings, TYPE, JoinType.class, JoinType.INNER),
        on(settings.get(ON)),
        connectors.schema(lookup),
        Values.text(settings, LEFT_PREFIX, ""),
        Values.text(settings, RIGHT_PREFIX, JoinConfig.RIGHT_PREFIX),
        Values.integer(lookup, FullLookupWords.MOST_ROWS, FullLookupConfig.DEFAULT_MOST_ROWS),
        values.optionalDuration(lookup, FullLookupWords.RELOAD),
        errors);
  }

  private static LookupConfig lookup(
      Mapping settings, Values values, ConnectorReader connectors, @Nullable ErrorPolicy errors) {
    Mapping lookup = outside(settings, LOOKUP, values);
    return new LookupConfig(
        connectors.lookup(lookup),
        null,
        Values.constant(settings, TYPE, JoinType.class, JoinType.INNER),
        on(settings.get(ON)),
        connectors.schema(lookup),
        Values.text(settings, LEFT_PREFIX, ""),
        Values.text(settings, RIGHT_PREFIX, JoinConfig.RIGHT_PREFIX),
        !Values.flag(lookup, LookupWords.ANY_ORDER),
        Values.integer(lookup, LookupWords.IN_FLIGHT, LookupConfig.DEFAULT_IN_FLIGHT),
        Values.integer(lookup, LookupWords.KEYS_PER_CALL, LookupConfig.DEFAULT_KEYS_PER_CALL),
        values.duration(lookup, LookupWords.TIMEOUT, LookupConfig.DEFAULT_TIMEOUT),
        LookupWords.cache(lookup, values),
        errors);
  }

  @Override
  public JoinNode read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    return new JoinConfig(
        Values.constant(settings, TYPE, JoinType.class, JoinType.INNER),
        bound(settings, values),
        on(settings.get(ON)),
        Values.optionalText(settings, CONDITION),
        Values.text(settings, LEFT_PREFIX, ""),
        Values.text(settings, RIGHT_PREFIX, JoinConfig.RIGHT_PREFIX),
        values.duration(settings, LATENESS, Duration.ZERO),
        Values.flag(settings, LATE_OUTPUT),
        errors);
  }

  private static Map<String, String> on(@Nullable TextNode node) {
    Map<String, String> on = new LinkedHashMap<>();
    if (node instanceof Mapping pairs) {
      pairs.members().forEach((left, right) -> on.put(left, Values.text(right.value())));
    } else if (node != null) {
      Values.texts(node).forEach(field -> on.put(field, field));
    }
    return on;
  }

  private static List<String> given(Mapping settings) {
    List<String> given = new ArrayList<>(BOUNDS);
    given.removeIf(word -> settings.get(word) == null);
    return given;
  }

  private static JoinBound bound(Mapping settings, Values values) {
    List<String> given = given(settings);
    if (given.size() != 1) {
      values.check(
          settings,
          () -> {
            throw new IllegalArgumentException(
                "a join has one of "
                    + String.join(", ", BOUNDS)
                    + ", and this one has "
                    + (given.isEmpty() ? "none" : String.join(" and ", given)));
          });
      return new JoinBound.Table(null, false);
    }
    Mapping bound = Values.mapping(settings.walk(given));
    return switch (given.get(0)) {
      case WINDOW -> new JoinBound.Window(window(bound, values));
      case INTERVAL ->
          new JoinBound.Interval(
              values.offset(bound, LOWER),
              values.offset(bound, UPPER),
              values.optionalDuration(bound, LATE_MATCHES));
      case TEMPORAL -> new JoinBound.Temporal(values.optionalDuration(bound, TIME_TO_LIVE));
      case UNBOUNDED ->
          bound.get(LEFT_LIFE) == null && bound.get(RIGHT_LIFE) == null
              ? new JoinBound.Unbounded(LifeWords.read(bound, LifeWords.TIME_TO_LIVE, values))
              : new JoinBound.Unbounded(
                  LifeWords.read(bound, LEFT_LIFE, values),
                  LifeWords.read(bound, RIGHT_LIFE, values));
      case AS_OF -> asOf(bound, values);
      default ->
          new JoinBound.Table(
              values.optionalDuration(bound, TIME_TO_LIVE), Values.flag(bound, ALL_ROWS));
    };
  }

  private static JoinBound asOf(Mapping settings, Values values) {
    TextNode match = settings.get(MATCH);
    TextNode ties = settings.get(TIES);
    return new JoinBound.AsOf(
        match == null ? null : values.check(match, () -> AsOfMatch.parse(Values.text(match))),
        ties == null ? List.of() : Values.texts(ties).stream().map(SortField::parse).toList(),
        LifeWords.read(settings, LifeWords.TIME_TO_LIVE, values));
  }

  private static WindowShape window(Mapping settings, Values values) {
    String kind = settings.members().keySet().iterator().next();
    return new WindowShapeReader(values).read(kind, Values.mapping(settings.walk(List.of(kind))));
  }

  @Override
  public Object write(JoinNode node) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (node instanceof LookupConfig lookup) {
      settings.put(LOOKUP, LookupWords.write(lookup));
      write(settings, lookup.type(), lookup.on());
      write(settings, lookup.leftPrefix(), lookup.rightPrefix());
    } else if (node instanceof FullLookupConfig lookup) {
      settings.put(FULL_LOOKUP, FullLookupWords.write(lookup));
      write(settings, lookup.type(), lookup.on());
      write(settings, lookup.leftPrefix(), lookup.rightPrefix());
    } else {
      write(settings, (JoinConfig) node);
    }
    return settings;
  }

  private static void write(Map<String, Object> settings, String leftPrefix, String rightPrefix) {
    JobFileWriter.putUnless(settings, LEFT_PREFIX, leftPrefix, "");
    JobFileWriter.putUnless(settings, RIGHT_PREFIX, rightPrefix, JoinConfig.RIGHT_PREFIX);
  }

  private static void write(Map<String, Object> settings, JoinType type, Map<String, String> on) {
    JobFileWriter.putUnless(settings, TYPE, type.toString(), JoinType.INNER.toString());
    boolean sameNames =
        on.entrySet().stream().allMatch(pair -> pair.getKey().equals(pair.getValue()));
    settings.put(ON, sameNames ? List.copyOf(on.keySet()) : on);
  }

  private static void write(Map<String, Object> settings, JoinConfig config) {
    settings.put(config.bound().kind(), bound(config.bound()));
    write(settings, config.type(), config.on());
    if (config.condition() != null) {
      settings.put(CONDITION, config.condition());
    }
    write(settings, config.leftPrefix(), config.rightPrefix());
    if (!config.allowedLateness().isZero()) {
      JobFileWriter.putIfThere(settings, LATENESS, config.allowedLateness());
    }
    JobFileWriter.putUnless(settings, LATE_OUTPUT, config.lateOutput(), false);
  }

  private static Map<String, Object> bound(JoinBound bound) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (bound instanceof JoinBound.Window window && window.window() != null) {
      settings.put(window.window().kind(), WindowWords.shape(window.window()));
    } else if (bound instanceof JoinBound.Interval interval) {
      putOffset(settings, LOWER, interval.lower());
      putOffset(settings, UPPER, interval.upper());
      JobFileWriter.putIfThere(settings, LATE_MATCHES, interval.lateMatches());
    } else if (bound instanceof JoinBound.Temporal temporal) {
      JobFileWriter.putIfThere(settings, TIME_TO_LIVE, temporal.timeToLive());
    } else if (bound instanceof JoinBound.Unbounded unbounded) {
      if (Objects.equals(unbounded.left(), unbounded.right())) {
        LifeWords.write(settings, LifeWords.TIME_TO_LIVE, unbounded.left());
      } else {
        LifeWords.write(settings, LEFT_LIFE, unbounded.left());
        LifeWords.write(settings, RIGHT_LIFE, unbounded.right());
      }
    } else if (bound instanceof JoinBound.AsOf asOf) {
      if (asOf.match() != null) {
        settings.put(MATCH, asOf.match().toString());
      }
      JobFileWriter.putUnless(
          settings, TIES, asOf.ties().stream().map(SortField::toString).toList(), List.of());
      LifeWords.write(settings, LifeWords.TIME_TO_LIVE, asOf.timeToLive());
    } else if (bound instanceof JoinBound.Table table) {
      JobFileWriter.putIfThere(settings, TIME_TO_LIVE, table.timeToLive());
      JobFileWriter.putUnless(settings, ALL_ROWS, table.allRows(), false);
    }
    return settings;
  }

  private static void putOffset(
      Map<String, Object> settings, String word, @Nullable Duration offset) {
    if (offset != null) {
      settings.put(
          word,
          offset.isNegative()
              ? "-" + JobFileWriter.text(offset.negated())
              : JobFileWriter.text(offset));
    }
  }
}
