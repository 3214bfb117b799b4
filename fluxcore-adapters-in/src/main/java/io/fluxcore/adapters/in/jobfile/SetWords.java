package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.changelog.SetOperation;
import io.fluxcore.domain.changelog.SetOperation.Kind;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.topology.SetConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write what two inputs have in common, or one has and the other has not. */
final class SetWords implements OperatorWords<SetConfig> {
  private static final String OPERATION = "operation";
  private static final String FIELDS = "fields";
  private static final String ALL = "all";

  @Override
  public String word() {
    return "set";
  }

  @Override
  public Class<SetConfig> type() {
    return SetConfig.class;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode set =
        object(
            named(
                OPERATION,
                enumeration(
                    Arrays.stream(Kind.values()).map(Kind::toString).toList(),
                    "Rows of both inputs, or those of the left one that the right one has not.")),
            named(FIELDS, SchemaParts.oneOrMore("Fields by which rows are compared.")),
            named(ALL, flag("Equal rows count each; false.")),
            named(
                LifeWords.TIME_TO_LIVE,
                LifeWords.within("A row is forgotten so long after it came last; never.")),
            named(LifeWords.TIME, LifeWords.time()));
    set.set("required", array(OPERATION, FIELDS));
    set.put("description", "Compares the rows of two inputs, `from: [left, right]`.");
    return set;
  }

  @Override
  public SetConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    return new SetConfig(
        new SetOperation(
            Values.constant(settings, OPERATION, Kind.class, Kind.INTERSECT),
            Values.flag(settings, ALL),
            LifeWords.read(settings, LifeWords.TIME_TO_LIVE, values)),
        Values.texts(settings.walk(List.of(FIELDS))),
        errors);
  }

  @Override
  public Object write(SetConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(OPERATION, config.operation().kind().toString());
    words.put(FIELDS, config.fields());
    JobFileWriter.putUnless(words, ALL, config.operation().all(), false);
    LifeWords.write(words, LifeWords.TIME_TO_LIVE, config.operation().life());
    return words;
  }
}
