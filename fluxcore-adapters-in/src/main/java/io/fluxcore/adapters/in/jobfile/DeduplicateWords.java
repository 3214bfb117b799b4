package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.rank.Deduplication.Keep;
import io.fluxcore.domain.topology.DeduplicateConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write a de-duplication. */
final class DeduplicateWords implements OperatorWords<DeduplicateConfig> {
  private static final String KEY = "key";
  private static final String KEEP = "keep";

  @Override
  public String word() {
    return "deduplicate";
  }

  @Override
  public Class<DeduplicateConfig> type() {
    return DeduplicateConfig.class;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode words =
        object(
            named(
                KEY,
                SchemaParts.oneOrMore(
                    "Fields by which rows are duplicates; those of the keyBy above if absent.")),
            named(KEEP, enumeration(List.of("first", "last"), "Which row of a key; first.")),
            named(
                LifeWords.WITHIN,
                LifeWords.within("After a row, others are its duplicates for so long; for ever.")),
            named(LifeWords.TIME, LifeWords.time()));
    words.put("description", "One row of each key.");
    return words;
  }

  @Override
  public DeduplicateConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    TextNode key = settings.get(KEY);
    return new DeduplicateConfig(
        key == null ? List.of() : Values.texts(key),
        Values.constant(settings, KEEP, Keep.class, Keep.FIRST),
        LifeWords.read(settings, LifeWords.WITHIN, values),
        errors);
  }

  @Override
  public Object write(DeduplicateConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(words, KEY, config.key(), List.of());
    JobFileWriter.putUnless(words, KEEP, JobFileWriter.word(config.keep()), "first");
    LifeWords.write(words, LifeWords.WITHIN, config.within());
    return words;
  }
}
