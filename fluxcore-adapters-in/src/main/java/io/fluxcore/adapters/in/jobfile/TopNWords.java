package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.rank.TopN;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.TopNConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write a ranking. */
final class TopNWords implements OperatorWords<TopNConfig> {
  private static final String KEY = "key";
  private static final String ORDER_BY = "orderBy";
  private static final String LIMIT = "limit";
  private static final String FROM = "from";
  private static final String RANK = "rank";
  private static final String PER_WINDOW = "perWindow";

  @Override
  public String word() {
    return "topN";
  }

  @Override
  public Class<TopNConfig> type() {
    return TopNConfig.class;
  }

  @Override
  public ObjectNode schema() {
    int most = Math.toIntExact(TopN.MAX_ROWS);
    ObjectNode words =
        object(
            named(
                KEY,
                SchemaParts.oneOrMore(
                    "Fields whose rows are ranked together; those of the keyBy above, or all rows,"
                        + " if absent.")),
            named(
                ORDER_BY,
                SchemaParts.oneOrMore(
                    "Fields by which rows are ranked, each with ` desc` behind it where larger"
                        + " values come first.")),
            named(LIMIT, integer(1, most, "The last rank that is given.")),
            named(FROM, integer(1, most, "The first one; 1.")),
            named(RANK, text("A field that holds the rank; none if absent.")),
            named(
                PER_WINDOW,
                flag("Ranks the rows of each window, by window_end, when it has passed; false.")),
            named(
                LifeWords.TIME_TO_LIVE,
                LifeWords.within("A key's rows are forgotten so long after the last one; never.")),
            named(LifeWords.TIME, LifeWords.time()));
    words.set("required", array(ORDER_BY, LIMIT));
    words.put("description", "The first rows of each key in an order.");
    return words;
  }

  @Override
  public TopNConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    TextNode key = settings.get(KEY);
    return new TopNConfig(
        key == null ? List.of() : Values.texts(key),
        Values.texts(settings.walk(List.of(ORDER_BY))).stream().map(SortField::parse).toList(),
        Values.integer(settings, FROM, 1),
        Values.integer(settings, LIMIT, 1),
        Values.optionalText(settings, RANK),
        Values.flag(settings, PER_WINDOW),
        LifeWords.read(settings, LifeWords.TIME_TO_LIVE, values),
        errors);
  }

  @Override
  public Object write(TopNConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(words, KEY, config.key(), List.of());
    words.put(ORDER_BY, config.orderBy().stream().map(SortField::toString).toList());
    words.put(LIMIT, config.to());
    JobFileWriter.putUnless(words, FROM, config.from(), 1L);
    if (config.rankField() != null) {
      words.put(RANK, config.rankField());
    }
    JobFileWriter.putUnless(words, PER_WINDOW, config.perWindow(), false);
    LifeWords.write(words, LifeWords.TIME_TO_LIVE, config.timeToLive());
    return words;
  }
}
