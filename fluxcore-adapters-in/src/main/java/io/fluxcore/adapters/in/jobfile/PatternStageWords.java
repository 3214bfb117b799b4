package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.expression;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.ref;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.SchemaParts.Word;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.pattern.AfterMatchSkip;
import io.fluxcore.domain.pattern.Contiguity;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternCondition;
import io.fluxcore.domain.pattern.PatternProgram;
import io.fluxcore.domain.pattern.PatternStage;
import io.fluxcore.domain.pattern.Quantifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How job files write the stages of patterns: {@code followedBy: name}, or in place of the name a
 * list of stages, which are a group.
 */
final class PatternStageWords {
  private static final String DEFINITION = "patternStage";
  private static final String BEGIN = "begin";
  private static final String WHERE = "where";
  private static final String UNTIL = "until";
  private static final String TIMES = "times";
  private static final String AT_LEAST = "atLeast";
  private static final String AT_MOST = "atMost";
  private static final String OPTIONAL = "optional";
  private static final String GREEDY = "greedy";
  private static final String CONSECUTIVE = "consecutive";
  private static final String ALLOW_COMBINATIONS = "allowCombinations";
  private static final String GAP = "gap";
  private static final String WITHIN = "within";

  private PatternStageWords() {}

  static ObjectNode stages(String description) {
    ObjectNode stages = JsonNodeFactory.instance.objectNode();
    stages.put("type", "array");
    stages.put("title", "a list of stages");
    stages.put("description", description);
    stages.set("items", ref(DEFINITION, "A stage."));
    return stages;
  }

  static void define(ObjectNode definitions) {
    List<Word> words = new ArrayList<>();
    words.add(named(BEGIN, nameOrGroup("The first stage.")));
    for (Contiguity contiguity : Contiguity.values()) {
      words.add(named(contiguity.word(), nameOrGroup(meaning(contiguity))));
    }
    words.add(named(WHERE, expression("What its events must be: price > first(start.price).")));
    words.add(named(UNTIL, expression("The event that ends its loop.")));
    words.add(named(TIMES, integer(1, PatternProgram.MAX_TIMES, "So many events; 1.")));
    words.add(
        named(
            AT_LEAST,
            integer(0, PatternProgram.MAX_TIMES, "So many or more; from 0 it is optional.")));
    words.add(
        named(AT_MOST, integer(1, PatternProgram.MAX_TIMES, "With atLeast: not more than these.")));
    words.add(named(OPTIONAL, flag("There may be none; false.")));
    words.add(named(GREEDY, flag("Takes as many events as there are; false.")));
    words.add(named(CONSECUTIVE, flag("Its events follow each other directly; false.")));
    words.add(named(ALLOW_COMBINATIONS, flag("Events that fit may be passed over, too; false.")));
    words.add(named(GAP, duration("Two of its events are less than this apart.")));
    words.add(named(WITHIN, duration("It comes less than this after the event before it.")));
    definitions.set(DEFINITION, object(words));
  }

  private static String meaning(Contiguity contiguity) {
    return switch (contiguity) {
      case NEXT -> "The very next event.";
      case FOLLOWED_BY -> "A later event; what does not fit is passed over.";
      case FOLLOWED_BY_ANY -> "A later event; what fits may be passed over, too.";
      case NOT_NEXT -> "The very next event must not be one.";
      case NOT_FOLLOWED_BY -> "There is none until the next stage, or until the time is over.";
    };
  }

  private static ObjectNode nameOrGroup(String description) {
    return either(
        "the name of a stage, or a list of stages",
        description,
        text("Its name."),
        stages("A group."));
  }

  // --- Reading ----------------------------------------------------------------------------------

  static List<PatternStage> read(TextNode stages, Values values) {
    List<PatternStage> result = new ArrayList<>();
    for (TextNode item : ((Listing) stages).items()) {
      result.add(stage(Values.mapping(item), values));
    }
    return result;
  }

  private static PatternStage stage(Mapping words, Values values) {
    Contiguity contiguity = Contiguity.NEXT;
    TextNode what = words.get(BEGIN);
    for (Contiguity each : Contiguity.values()) {
      TextNode node = words.get(each.word());
      if (node != null) {
        contiguity = each;
        what = node;
      }
    }
    Pattern group =
        what instanceof Listing stages
            ? Pattern.of(read(stages, values), null, AfterMatchSkip.noSkip())
            : null;
    String name = group != null ? null : what == null ? "" : Values.text(what);
    return new PatternStage(
        name,
        group,
        contiguity,
        condition(words, WHERE),
        condition(words, UNTIL),
        quantifier(words, values),
        values.optionalDuration(words, WITHIN));
  }

  private static @Nullable PatternCondition condition(Mapping words, String word) {
    String text = Values.optionalText(words, word);
    return text == null ? null : PatternCondition.of(text);
  }

  private static Quantifier quantifier(Mapping words, Values values) {
    boolean isRange = words.get(AT_LEAST) != null || words.get(AT_MOST) != null;
    int min = isRange ? Values.integer(words, AT_LEAST, 1) : Values.integer(words, TIMES, 1);
    int max = isRange ? Values.integer(words, AT_MOST, Quantifier.UNBOUNDED) : min;
    Contiguity inner =
        Values.flag(words, CONSECUTIVE)
            ? Contiguity.NEXT
            : Values.flag(words, ALLOW_COMBINATIONS)
                ? Contiguity.FOLLOWED_BY_ANY
                : Contiguity.FOLLOWED_BY;
    return new Quantifier(
        Math.max(1, min),
        max,
        Values.flag(words, OPTIONAL) || min == 0,
        Values.flag(words, GREEDY),
        inner,
        values.optionalDuration(words, GAP));
  }

  // --- Writing ----------------------------------------------------------------------------------

  static List<Object> write(Pattern pattern) {
    List<Object> stages = new ArrayList<>();
    for (PatternStage stage : pattern.stages()) {
      String word = stages.isEmpty() ? BEGIN : stage.contiguity().word();
      stages.add(words(stage, word));
    }
    return stages;
  }

  private static Map<String, Object> words(PatternStage stage, String word) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(word, stage.group() == null ? String.valueOf(stage.name()) : write(stage.group()));
    if (stage.condition() != null) {
      words.put(WHERE, stage.condition().toString());
    }
    if (stage.until() != null) {
      words.put(UNTIL, stage.until().toString());
    }
    Quantifier quantifier = stage.quantifier();
    if (quantifier.min() == quantifier.max()) {
      JobFileWriter.putUnless(words, TIMES, quantifier.min(), 1);
    } else {
      words.put(AT_LEAST, quantifier.min());
      JobFileWriter.putUnless(words, AT_MOST, quantifier.max(), Quantifier.UNBOUNDED);
    }
    JobFileWriter.putUnless(words, OPTIONAL, quantifier.optional(), false);
    JobFileWriter.putUnless(words, GREEDY, quantifier.greedy(), false);
    JobFileWriter.putUnless(words, CONSECUTIVE, quantifier.inner() == Contiguity.NEXT, false);
    JobFileWriter.putUnless(
        words, ALLOW_COMBINATIONS, quantifier.inner() == Contiguity.FOLLOWED_BY_ANY, false);
    if (quantifier.gap() != null) {
      words.put(GAP, JobFileWriter.text(quantifier.gap()));
    }
    if (stage.withinPrevious() != null) {
      words.put(WITHIN, JobFileWriter.text(stage.withinPrevious()));
    }
    return words;
  }
}
